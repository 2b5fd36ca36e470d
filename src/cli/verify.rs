//! `foldscape verify`: the complex against exact arithmetic and the network itself, as text or as one JSON object.
//! Exit code 1 if anything fails.

use super::args::VerifyArgs;
use super::interrupt;
use super::options::Opened;
use super::output::Output;
use crate::complex::{Finding, Law, Report};
use crate::mesh::number::with_commas;
use anyhow::{Result, ensure};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// The JSON object.
#[derive(Serialize)]
struct Verified<'r> {
    model: &'r str,
    regions: usize,
    passed: bool,
    laws: Vec<Row<'r>>,
    threads: usize,
    seconds_enumerate: f64,
    seconds_verify: f64,
}

/// One law; `worst` is the largest deviation, of positions in input units, of areas as a share, of maps in output units.
#[derive(Serialize)]
struct Row<'r> {
    law: &'static str,
    checked: u64,
    exact: u64,
    failed: u64,
    worst: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_failure: Option<&'r str>,
}

/// Runs the command.
pub(super) fn run(args: &VerifyArgs) -> Result<()> {
    interrupt::listen();
    let opened = Opened::load(Some(&args.model), &args.network)?;
    let (complex, enumerated) = opened.complex()?;
    let (report, verified) = opened.verify(&complex)?;
    let mut out = Output::open(Path::new("-"))?;
    if args.json {
        let object = Verified {
            model: &opened.model.name,
            regions: complex.n_regions(),
            passed: report.passed(),
            laws: Law::ALL.map(|law| row(law, report.finding(law))).into(),
            threads: opened.threads(),
            seconds_enumerate: enumerated.as_secs_f64(),
            seconds_verify: verified.as_secs_f64(),
        };
        serde_json::to_writer_pretty(&mut out, &object).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{}: {} regions, checked in {:.3} s", opened.model.name, with_commas(complex.n_regions()), verified.as_secs_f64())?;
        print(&report, &mut out)?;
    }
    out.finish()?;
    let broken = Law::ALL.iter().filter(|law| report.finding(**law).failed > 0).count();
    ensure!(broken == 0, "{broken} of {} laws are broken; this is a defect of foldscape: please report the network", Law::ALL.len());
    Ok(())
}

fn row(law: Law, finding: &Finding) -> Row<'_> {
    let Finding { checked, exact, failed, worst, .. } = *finding;
    Row { law: law.words().0, checked, exact, failed, worst, first_failure: finding.first.as_deref() }
}

fn print(report: &Report, out: &mut impl Write) -> std::io::Result<()> {
    for law in Law::ALL {
        let (finding, (name, counted)) = (report.finding(law), law.words());
        let count = |n: u64| with_commas(n as usize);
        write!(out, "{:<6}{name:<20}{} {counted}", verdict(finding), count(finding.checked))?;
        if finding.exact > 0 {
            write!(out, ", {} by exact arithmetic", count(finding.exact))?;
        }
        if finding.worst > 0.0 {
            write!(out, ", off by at most {:.1e}", finding.worst)?;
        }
        writeln!(out)?;
        if let Some(first) = &finding.first {
            writeln!(out, "      {} failed; the first: {first}", count(finding.failed))?;
        }
    }
    Ok(())
}

fn verdict(finding: &Finding) -> &'static str {
    match (finding.failed, finding.checked) {
        (0, 0) => "-",
        (0, _) => "ok",
        _ => "FAIL",
    }
}
