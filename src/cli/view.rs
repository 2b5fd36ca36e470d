//! stub
use super::args::ViewArgs;
pub(super) fn run(_: &ViewArgs) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
