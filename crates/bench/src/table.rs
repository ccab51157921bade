//! Tables of measurements, for a terminal (as Markdown, so that they can be put into a document) and as JSON.

use std::fmt::{self, Write as _};

use serde_json::{Value, json};

use crate::summary::Summary;

/// A table: a line for each thing that was measured, a column for each measure.
#[derive(Debug)]
pub struct Table {
    /// What it is about.
    pub title: String,
    /// What stands over the first column.
    pub first: String,
    /// The measures, with their units.
    pub columns: Vec<String>,
    /// What was measured.
    pub rows: Vec<Row>,
    /// What a reader must know, a sentence each.
    pub notes: Vec<String>,
    /// What could not be measured, and why.
    pub failures: Vec<String>,
}

/// A line of a table.
#[derive(Debug)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// One for each column.
    pub cells: Vec<Cell>,
}

/// A place in a table.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Something that was measured several times.
    Measured(Summary),
    /// A single number.
    Number(f64),
    /// What somebody else has measured, or words.
    Text(String),
}

impl Table {
    /// A table with nothing in it yet.
    pub fn new(title: impl Into<String>, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Self {
            title: title.into(),
            first: String::new(),
            columns,
            rows: Vec::new(),
            notes: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Adds a line.
    pub fn row(&mut self, what: impl Into<String>, cells: Vec<Cell>) {
        self.rows.push(Row { what: what.into(), cells });
    }

    /// Adds a line of what could not be measured: the others' lines stay.
    pub fn failed(&mut self, what: impl Into<String>, why: impl fmt::Display) {
        let (what, words) = (what.into(), format!("failed: {why}").replace(['\n', '|'], " "));
        self.failures.push(format!("{what}: {why}"));
        let cells =
            (0..self.columns.len()).map(|place| Cell::Text(if place == 0 { words.clone() } else { String::new() }));
        self.row(what, cells.collect());
    }

    /// Adds a sentence.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The table for programs.
    pub fn to_json(&self) -> Value {
        let row = |row: &Row| {
            let cells = self.columns.iter().zip(&row.cells).map(|(name, cell)| (name.clone(), cell.to_json()));
            json!({ "what": row.what, "measures": serde_json::Map::from_iter(cells) })
        };
        let rows: Vec<Value> = self.rows.iter().map(row).collect();
        json!({ "title": self.title, "rows": rows, "notes": self.notes })
    }
}

/// Markdown, with columns that stand one under the other.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head: Vec<String> = [self.first.clone()].into_iter().chain(self.columns.iter().cloned()).collect();
        let line = |row: &Row| [row.what.clone()].into_iter().chain(row.cells.iter().map(Cell::to_string)).collect();
        let lines: Vec<Vec<String>> = [head].into_iter().chain(self.rows.iter().map(line)).collect();
        let width = |column: usize| {
            lines.iter().filter_map(|line| line.get(column)).map(|cell: &String| cell.chars().count()).max()
        };
        let widths: Vec<usize> = (0..=self.columns.len()).map(|column| width(column).unwrap_or(0).max(4)).collect();
        writeln!(f, "### {}\n", self.title)?;
        for (place, line) in lines.iter().enumerate() {
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                let width = *width;
                if column == 0 { write!(f, "| {cell:<width$} |")? } else { write!(f, " {cell:>width$} |")? }
            }
            writeln!(f)?;
            if place == 0 {
                write!(f, "| {} |", "-".repeat(widths[0]))?;
                for width in &widths[1..] {
                    write!(f, " {}: |", "-".repeat(width - 1))?;
                }
                writeln!(f)?;
            }
        }
        for note in &self.notes {
            writeln!(f, "\n{note}")?;
        }
        Ok(())
    }
}

impl Cell {
    fn to_json(&self) -> Value {
        match self {
            Self::Measured(Summary { median, low, high, count }) => {
                json!({ "median": median, "low": low, "high": high, "count": count })
            }
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(text),
        }
    }
}

/// The median, and in brackets between what half of the measurements lie.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Measured(Summary { median, count: 1, .. }) => f.write_str(&number(*median)),
            Self::Measured(Summary { median, low, high, .. }) => {
                write!(f, "{} ({} to {})", number(*median), number(*low), number(*high))
            }
            Self::Number(value) => f.write_str(&number(*value)),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Three digits that count, and no more than anybody needs of a large number.
pub fn number(value: f64) -> String {
    let decimals = match value.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    let plain = format!("{value:.decimals$}");
    if decimals > 0 {
        return plain;
    }
    let mut grouped = String::new();
    for (place, digit) in plain.char_indices() {
        if place > 0 && (plain.len() - place) % 3 == 0 && !grouped.ends_with('-') {
            grouped.push(',');
        }
        let _ = grouped.write_char(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_that_count() {
        for (value, text) in
            [(0.0123, "0.012"), (1.234, "1.23"), (56.78, "56.8"), (999.6, "1,000"), (-1234.0, "-1,234")]
        {
            assert_eq!(number(value), text);
        }
        assert_eq!(number(1_234_567.0), "1,234,567");
    }

    #[test]
    fn what_failed_has_a_line_that_is_one() {
        let mut table = Table::new("Reads", &["a second", "p99"]);
        table.failed("other", "it fell\nand | broke");
        let text = table.to_string();
        assert!(text.contains("| other | failed: it fell and   broke |      |"), "{text}");
        assert_eq!(table.failures, ["other: it fell\nand | broke"]);
    }

    #[test]
    fn a_table_is_markdown_and_json() {
        let mut table = Table::new("Reads", &["a second"]);
        table.row("one", vec![Cell::Measured(Summary::of(&[1.0, 2.0, 3.0]))]);
        table.row("none", vec![Cell::Text("no".into())]);
        table.note("So it is.");
        let text = table.to_string();
        let lines: Vec<&str> = text.lines().collect();
        let table_lines = [
            "|      |            a second |",
            "| ---- | ------------------: |",
            "| one  | 2.00 (1.50 to 2.50) |",
            "| none |                  no |",
        ];
        assert_eq!((lines[0], &lines[2..6], lines[7]), ("### Reads", &table_lines[..], "So it is."));
        assert_eq!(table.to_json()["rows"][0]["measures"]["a second"]["median"], 2.0);
    }
}
