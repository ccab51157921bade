//! The answer for people: five steps, each with a mark and a word, what was compared, and what to change.

use std::io::{self, Write};

use domain::{AccessTable, Advice, Comparison, Journey, Place, Statement, Step, StepName, Verdict};

/// Columns of text.
const WIDTH: usize = 80;

/// Writes answers.
pub struct Printer<W> {
    out: W,
    colours: bool,
    short: bool,
}

impl<W: Write> Printer<W> {
    /// One that writes to `out`; of each step no more than its sentence, if it is `short`.
    pub fn new(out: W, colours: bool, short: bool) -> Self {
        Self { out, colours, short }
    }

    /// The five steps and the verdict.
    pub fn journey(&mut self, journey: &Journey) -> io::Result<()> {
        for step in &journey.steps {
            self.step(step)?;
        }
        let verdict = self.painted(journey.verdict, word(journey.verdict));
        writeln!(self.out, "{verdict}")?;
        self.out.flush()
    }

    fn step(&mut self, step: &Step) -> io::Result<()> {
        let mark = self.painted(step.verdict, mark(step.verdict));
        let (number, name) = title(step.step);
        writeln!(self.out, "{mark} {number}. {}", self.bold(name))?;
        self.lines(4, &step.says)?;
        if self.short {
            return Ok(());
        }
        let column = step.facts.iter().map(|fact| fact.name.chars().count()).max().unwrap_or_default();
        for fact in &step.facts {
            let space = " ".repeat(column - fact.name.chars().count());
            writeln!(self.out, "      {}{space}  {}", visible(&fact.name), visible(&fact.value))?;
        }
        for statement in &step.statements {
            self.statement(statement, step.statements.iter().any(|other| other.decides))?;
        }
        for (position, advice) in step.advice.iter().enumerate() {
            if position == 0 {
                writeln!(self.out, "    To change it:")?;
            }
            self.advice(advice)?;
        }
        writeln!(self.out)
    }

    /// A statement that decides, or may have been meant to, with its comparisons; any other in a line.
    fn statement(&mut self, statement: &Statement, decided: bool) -> io::Result<()> {
        let Statement { policy, name, effect, .. } = statement;
        let does = match (effect.as_str(), statement.applies) {
            ("Deny", true) => "denies",
            ("Deny", false) => "doesn't deny",
            (_, true) => "allows",
            (_, false) => "doesn't allow",
        };
        let place = statement.at.as_ref().map(|at| format!(", {}", located(at))).unwrap_or_default();
        writeln!(self.out, "    {} of {}{} {does}", visible(name), visible(policy), visible(&place))?;
        if decided && !statement.decides {
            return Ok(());
        }
        for Comparison { element, wanted, got, verdict, note } in &statement.comparisons {
            if *verdict == Verdict::Allowed {
                let has = got.iter().map(|value| visible(value)).collect::<Vec<_>>().join(", ");
                let matches = self.painted(*verdict, "matches");
                writeln!(self.out, "      {matches}  {}: {has}", visible(element))?;
                continue;
            }
            let word = if *verdict == Verdict::Refused { "differs" } else { "unclear" };
            let word = self.painted(*verdict, word);
            writeln!(self.out, "      {word}  {}", visible(element))?;
            for (position, value) in wanted.iter().enumerate() {
                writeln!(self.out, "        {}  {}", if position == 0 { "wants" } else { "   or" }, visible(value))?;
            }
            for (position, value) in got.iter().enumerate() {
                writeln!(self.out, "        {}  {}", if position == 0 { "  has" } else { "  and" }, visible(value))?;
            }
            if let Some(note) = note {
                writeln!(self.out, "               ({})", visible(note))?;
            }
        }
        Ok(())
    }

    fn advice(&mut self, advice: &Advice) -> io::Result<()> {
        let place = advice.at.as_ref().map(|at| format!(" ({})", located(at))).unwrap_or_default();
        self.lines(6, &format!("{}{place}", advice.says))?;
        advice.remedy.lines().try_for_each(|line| {
            // A line to copy is written as it is.
            if line.starts_with("- ") { writeln!(self.out, "        {}", visible(line)) } else { self.lines(8, line) }
        })
    }

    /// Every call by every role.
    pub fn table(&mut self, table: &AccessTable) -> io::Result<()> {
        let cell = |step: &Step| {
            let by =
                step.statements.iter().find(|statement| statement.decides).map(|statement| statement.name.as_str());
            match (step.verdict, by) {
                (verdict, Some(by)) => format!("{} {}", mark(verdict), visible(by)),
                (Verdict::Allowed, None) => format!("{} everybody", mark(Verdict::Allowed)),
                (verdict, None) => mark(verdict).to_owned(),
            }
        };
        let mut rows =
            vec![std::iter::once(String::new()).chain(table.roles.iter().map(|role| visible(&role.name))).collect()];
        rows.extend(
            table
                .calls
                .iter()
                .map(|row| std::iter::once(visible(&row.call)).chain(row.cells.iter().map(cell)).collect::<Vec<_>>()),
        );
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let width =
            |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
        for (number, row) in rows.iter().enumerate() {
            let mut line = String::new();
            for (column, text) in row.iter().enumerate() {
                let space = " ".repeat(widths[column] - text.chars().count());
                let verdict = number
                    .checked_sub(1)
                    .zip(column.checked_sub(1))
                    .map(|(call, role)| table.calls[call].cells[role].verdict);
                let text = verdict.map_or_else(|| self.bold(text), |verdict| self.painted(verdict, text));
                line.push_str(&format!("{text}{space}  "));
            }
            writeln!(self.out, "{}", line.trim_end())?;
        }
        self.out.flush()
    }

    /// A text, wrapped at spaces and indented.
    fn lines(&mut self, indent: usize, text: &str) -> io::Result<()> {
        let space = " ".repeat(indent);
        let options = textwrap::Options::new(WIDTH)
            .initial_indent(&space)
            .subsequent_indent(&space)
            // An ARN or a path that is cut can't be searched for.
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .word_separator(textwrap::WordSeparator::AsciiSpace);
        for line in textwrap::wrap(&visible(text), options) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    fn painted(&self, verdict: Verdict, text: &str) -> String {
        let colour = match verdict {
            Verdict::Allowed => 32,
            Verdict::Refused => 31,
            Verdict::Unknown => 33,
        };
        self.sgr(colour, text)
    }

    fn bold(&self, text: &str) -> String {
        self.sgr(1, text)
    }

    fn sgr(&self, code: u8, text: &str) -> String {
        if self.colours { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "✓",
        Verdict::Refused => "✗",
        Verdict::Unknown => "?",
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "✓ allowed",
        Verdict::Refused => "✗ refused",
        Verdict::Unknown => "? can't say",
    }
}

fn title(step: StepName) -> (u8, &'static str) {
    match step {
        StepName::Connection => (1, "Connection"),
        StepName::IdentitySource => (2, "Identity source"),
        StepName::Role => (3, "Role"),
        StepName::TrustPolicy => (4, "Trust policy"),
        StepName::Call => (5, "Call"),
    }
}

fn located(at: &Place) -> String {
    format!("{}:{}", at.file, at.line)
}

/// A text without what a terminal would take for orders, what would look like a line of ours, what turns its direction,
/// and without tokens.
pub fn visible(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut shown = String::with_capacity(text.len());
    for c in without_tokens(text).chars() {
        if c.is_control() || turns(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// A text with something else in place of a JWT, wherever somebody put one: every JWT begins with `{"` in base64url.
pub fn without_tokens(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("eyJ") {
        let (before, token) = rest.split_at(start);
        let of_a_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '=');
        let (token, after) = token.split_at(token.find(|c| !of_a_token(c)).unwrap_or(token.len()));
        shown.push_str(before);
        shown.push_str(if token.contains('.') { "[a token]" } else { token });
        rest = after;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_makes_no_line_and_no_order() {
        let shown = visible("amazon|x\n✓ allowed\r\u{1b}[2J\u{9b}1m\u{202e}");
        assert_eq!(shown, r"amazon|x\u{a}✓ allowed\u{d}\u{1b}[2J\u{9b}1m\u{202e}");
    }

    #[test]
    fn a_token_is_shown_nowhere() {
        let check = |text: &str, shown: &str| assert_eq!(visible(text), shown);
        check("--call \"eyJhbGci.eyJzdWIi.c2ln-_=\" is", "--call \"[a token]\" is");
        check("GET /pets/eyJhbGci.eyJzdWIi.?x=eyJh.b", "GET /pets/[a token]?x=[a token]");
        check("amazon|eyJ and eye", "amazon|eyJ and eye");
    }
}
