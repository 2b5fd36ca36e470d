//! Points from a table of text: `x,y,value,...` or `x,y,label` on each line.
//!
//! Columns are separated by commas, semicolons or tabs, whichever the first line has. A first line without a number is a
//! heading. A last column that is not numbers holds labels. Refuses ragged lines, empty fields and numbers that are not
//! finite, each with its line.

use super::TrainError;
use super::points::{MAX_POINTS, MAX_VALUES, Points};

fn wrong(text: String) -> TrainError {
    TrainError::Points(text)
}

/// Reads the table.
pub(super) fn read(bytes: &[u8]) -> Result<Points, TrainError> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = 1 + String::from_utf8_lossy(&bytes[..e.valid_up_to()]).matches('\n').count();
        wrong(format!("line {line} is not UTF-8 text; save the table as CSV in UTF-8"))
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let rows = rows(text)?;
    let (heading, rows) = match rows.split_first() {
        Some((first, rest)) if first.fields.iter().all(|field| field.parse::<f64>().is_err()) => (true, rest),
        _ => (false, &rows[..]),
    };
    if rows.is_empty() {
        let found = if heading { "only a heading" } else { "nothing" };
        return Err(wrong(format!("the table holds {found}; each line is x,y,value or x,y,label")));
    }
    points(rows)
}

struct Row {
    line: u64,
    fields: Vec<String>,
}

/// All lines that are not empty, each with as many fields as the first.
fn rows(text: &str) -> Result<Vec<Row>, TrainError> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter = [b'\t', b';'].into_iter().find(|&d| first.contains(char::from(d))).unwrap_or(b',');
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| wrong(format!("the table cannot be read: {e}")))?;
        let row = Row { line: record.position().map_or(0, |at| line(text, at)), fields: record.iter().map(str::to_owned).collect() };
        check_row(&row, rows.first())?;
        if rows.len() > MAX_POINTS {
            return Err(wrong(format!("the table has more than {MAX_POINTS} lines, the limit")));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The line of the record that begins at `at` or after the empty lines there.
fn line(text: &str, at: &::csv::Position) -> u64 {
    let rest = text.get(at.byte() as usize..).unwrap_or_default();
    let n_empty = rest.bytes().take_while(|b| matches!(b, b'\r' | b'\n')).filter(|&b| b == b'\n').count();
    at.line() + n_empty as u64
}

fn check_row(row: &Row, first: Option<&Row>) -> Result<(), TrainError> {
    let (line, n) = (row.line, row.fields.len());
    let wanted = first.map_or(n, |first| first.fields.len());
    if n != wanted {
        return Err(wrong(format!("line {line} has {n} columns, the first has {wanted}")));
    }
    if !(3..=2 + MAX_VALUES).contains(&n) {
        return Err(wrong(format!("line {line} has {n} columns; each line is x,y,value or x,y,label, with at most {MAX_VALUES} values")));
    }
    match row.fields.iter().position(String::is_empty) {
        Some(column) => Err(wrong(format!("line {line}: column {} is empty", column + 1))),
        None => Ok(()),
    }
}

fn points(rows: &[Row]) -> Result<Points, TrainError> {
    let places = rows.iter().map(|row| Ok([number(row, 0)?, number(row, 1)?])).collect::<Result<Vec<_>, _>>()?;
    if let [Row { fields, .. }, ..] = rows
        && fields.len() == 3
        && fields[2].parse::<f64>().is_err()
    {
        return Points::with_labels(places, &rows.iter().map(|row| row.fields[2].clone()).collect::<Vec<_>>());
    }
    let values = rows.iter().flat_map(|row| (2..row.fields.len()).map(move |column| number(row, column)));
    Points::with_values(places, values.collect::<Result<Vec<_>, _>>()?)
}

fn number(row: &Row, column: usize) -> Result<f64, TrainError> {
    let (line, text) = (row.line, &row.fields[column]);
    let place = format!("line {line}, column {}", column + 1);
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(wrong(format!("{place}: `{text}` is not finite; leave such lines out"))),
        Err(_) => Err(wrong(format!("{place}: `{text}` is not a number"))),
    }
}
