//! stub
use super::args::RenderArgs;
pub(super) fn run(_: &RenderArgs) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
