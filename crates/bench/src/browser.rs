//! The page in a real browser, which `e2e/bench` drives and measures: it leaves tables as JSON, and they are printed here
//! beside the others. `PETS_LOCAL_STACK`, `PETS_DIST` and `PETS_CHROMIUM` are in the environment.

use std::{
    fs,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{
    failure::{Doing, Failure, Result},
    server::Setting,
    table::{Cell, Table, number},
};

/// The names on the command line, which are those of `e2e/bench/run.mjs` too.
pub const PARTS: [&str; 3] = ["first-load", "list", "signature"];

/// Measures one part in the browser.
pub fn measure(part: &str, setting: &Setting) -> Result<Vec<Table>> {
    run(part, setting, &mut Command::new("node"))
}

/// Runs this part of `e2e/bench`, with a command for `node` that may have variables of its own.
pub fn run(part: &str, setting: &Setting, command: &mut Command) -> Result<Vec<Table>> {
    let out = setting.folder("browser.json");
    command.current_dir(&setting.root).arg("e2e/bench/run.mjs").args(["--only", part, "--json"]).arg(&out);
    if setting.quick {
        command.arg("--quick");
    }
    let status = command
        .stdin(Stdio::null())
        .status()
        .doing("run node, which the browser is driven with (install Node 20 or newer)")?;
    if !status.success() {
        return Err(Failure::wrong(format!("e2e/bench ended with {status}; what it says is above")));
    }
    let text = fs::read_to_string(&out).doing(format!("read {}", out.display()))?;
    read(&text.parse().map_err(Failure::wrong)?)
}

fn read(document: &Value) -> Result<Vec<Table>> {
    let other = || Failure::wrong("e2e/bench left something else than tables");
    let tables = document["tables"].as_array().ok_or_else(other)?;
    tables.iter().map(|table| read_table(table).ok_or_else(other)).collect()
}

fn read_table(value: &Value) -> Option<Table> {
    let columns = value["columns"].as_array()?.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?;
    let (first, others) = columns.split_first()?;
    let mut table = Table::new(value["title"].as_str()?, others);
    table.first = (*first).to_owned();
    for row in value["rows"].as_array()? {
        let (what, cells) = row.as_array()?.split_first()?;
        table.row(what.as_str()?, cells.iter().map(read_cell).collect::<Option<Vec<_>>>()?);
    }
    table.note(value["note"].as_str()?);
    let failures = value["failures"].as_array()?.iter().map(|why| why.as_str().map(str::to_owned));
    table.failures = failures.collect::<Option<Vec<_>>>()?;
    Some(table)
}

fn read_cell(value: &Value) -> Option<Cell> {
    if let Some(text) = value.as_str() {
        return Some(Cell::Text(text.to_owned()));
    }
    let is_count = value["unit"].as_str().is_none_or(str::is_empty);
    let of = |name: &str| match value[name].as_f64()? {
        // A count has nothing behind the point.
        count if is_count && name != "ratio" && count.fract() == 0.0 && count < 100.0 => Some(format!("{count:.0}")),
        other => Some(number(other)),
    };
    let unit =
        value["unit"].as_str().filter(|unit| !unit.is_empty()).map(|unit| format!(" {unit}")).unwrap_or_default();
    let ratio = of("ratio").map(|ratio| format!(" {ratio}×")).unwrap_or_default();
    let (median, low, high) = (of("median")?, of("low")?, of("high")?);
    // A count that never differs has no spread to be told.
    let spread = if low == high { String::new() } else { format!(" ({low} to {high})") };
    Some(Cell::Text(format!("{median}{unit}{spread}{ratio}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_browser_measured_becomes_tables() {
        let cell = json!({ "median": 12.34, "low": 10, "high": 2000, "unit": "ms", "ratio": 1.5 });
        let table = json!({ "title": "T", "note": "N", "columns": ["what", "time"], "rows": [["a", cell], ["b", "failed: no"]], "failures": ["b: no"] });
        let tables = read(&json!({ "tables": [table] })).unwrap();
        let text = tables[0].to_string();
        assert!(text.contains("12.3 ms (10.0 to 2,000) 1.50×") && text.contains("| b"), "{text}");
        assert_eq!(tables[0].failures, ["b: no"]);
    }

    #[test]
    fn a_count_is_a_whole_number_where_it_is_one() {
        let cell =
            |low: f64| read_cell(&json!({ "median": 0, "low": low, "high": 31, "unit": "", "ratio": 2 })).unwrap();
        assert_eq!(cell(0.0).to_string(), "0 (0 to 31) 2.00×");
        assert_eq!(cell(0.25).to_string(), "0 (0.250 to 31) 2.00×");
    }

    #[test]
    fn anything_else_is_refused() {
        for other in [json!({}), json!({ "tables": [{}] }), json!({ "tables": [{ "title": "T", "columns": [] }] })] {
            assert!(read(&other).is_err(), "{other}");
        }
    }
}
