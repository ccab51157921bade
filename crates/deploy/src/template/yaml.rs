//! CloudFormation's YAML as the JSON that says the same: `!Ref X` becomes `{"Ref": "X"}`, `!Sub x` `{"Fn::Sub": "x"}`.
//! What two readers of YAML could understand as two things is refused with its line: a key twice, anchors and aliases,
//! and words without quotes that YAML 1.1 takes for something else (`on`, `010`, `12:30`).

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};

/// CloudFormation takes no larger one.
const MAX_BYTES: usize = 1024 * 1024;
const MAX_DEPTH: usize = 64;

/// Reads the only document of a text.
pub fn parse(text: &str) -> Result<Value> {
    if text.len() > MAX_BYTES {
        return Err(fault(1, "it is larger than CloudFormation takes (1 MiB)."));
    }
    let mut reader = Reader { parser: Parser::new_from_str(text) };
    let mut root = None;
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => break,
            (Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing, _) => {}
            (_, line) if root.is_some() => return Err(fault(line, "a second document; a template is one.")),
            (event, line) => root = Some(reader.value(event, line, 0)?),
        }
    }
    root.ok_or_else(|| fault(1, "the file is empty."))
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, usize)> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, span.start.line())),
            Some(Err(error)) => Err(fault(error.marker().line(), &format!("not YAML: {}.", error.info()))),
            None => Ok((Event::StreamEnd, 0)),
        }
    }

    fn value(&mut self, event: Event<'a>, line: usize, depth: usize) -> Result<Value> {
        if depth > MAX_DEPTH {
            return Err(fault(line, "nested too deeply."));
        }
        let (anchor, tag, value) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                // A function's argument is a text, whatever it looks like.
                let is_text = style != ScalarStyle::Plain || tag.is_some();
                let value = if is_text { Value::String(text.into_owned()) } else { plain(&text, line)? };
                (anchor, tag, value)
            }
            Event::SequenceStart(anchor, tag) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, line) => items.push(self.value(event, line, depth + 1)?),
                    }
                }
                (anchor, tag, Value::Array(items))
            }
            Event::MappingStart(anchor, tag) => (anchor, tag, Value::Object(self.mapping(depth)?)),
            Event::Alias(_) => return Err(fault(line, "an alias (*). Write the value out.")),
            _ => return Err(fault(line, "a value is missing.")),
        };
        if anchor != 0 {
            return Err(fault(line, "an anchor (&). Write the value out where it is needed."));
        }
        match tag {
            None => Ok(value),
            Some(tag) if tag.handle == "!" && !tag.suffix.is_empty() => Ok(call(&tag.suffix, value)),
            Some(tag) => Err(fault(line, &format!("the tag {tag} is none of CloudFormation's."))),
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Map<String, Value>> {
        let mut entries = Map::new();
        loop {
            let (event, line) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(entries),
                Event::Scalar(text, _, 0, None) => text.into_owned(),
                _ => return Err(fault(line, "a key must be a text.")),
            };
            if key == "<<" {
                return Err(fault(line, "a merge key (<<). Write the entries out."));
            }
            let (event, value_line) = self.next()?;
            let value = self.value(event, value_line, depth + 1)?;
            if entries.contains_key(&key) {
                return Err(fault(line, &format!("the key {key} is there twice.")));
            }
            entries.insert(key, value);
        }
    }
}

/// The long form of a function.
fn call(function: &str, argument: Value) -> Value {
    match function {
        "Ref" | "Condition" => json!({ function: argument }),
        "GetAtt" => {
            // JSON has no form with a dot.
            let parts = argument.as_str().and_then(|text| text.split_once('.'));
            let argument = parts.map(|(id, attribute)| json!([id, attribute])).unwrap_or(argument);
            json!({ "Fn::GetAtt": argument })
        }
        _ => json!({ format!("Fn::{function}"): argument }),
    }
}

/// What a scalar without quotes is.
fn plain(text: &str, line: usize) -> Result<Value> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let small = text.to_ascii_lowercase();
    match small.as_str() {
        "" | "~" | "null" => return Ok(Value::Null),
        "true" => return Ok(Value::Bool(true)),
        "false" => return Ok(Value::Bool(false)),
        "yes" | "no" | "on" | "off" => return Err(ambiguous(text, line)),
        _ => {}
    }
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(Value::String(text.to_owned()));
    }
    let is_time = text.contains(':') && text.split(':').all(is_digits);
    let is_hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let after_zero = digits.strip_prefix('0').map(|rest| rest.strip_prefix(['x', 'o', 'b']).unwrap_or(rest));
    let is_based = after_zero.is_some_and(|rest| !rest.is_empty() && is_hexadecimal(rest));
    let is_grouped = digits.contains('_') && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    if is_time || is_grouped || is_based {
        return Err(ambiguous(text, line));
    }
    let is_number =
        is_digits(digits) || digits.split_once('.').is_some_and(|(whole, part)| is_digits(whole) && is_digits(part));
    match text.parse::<serde_json::Number>() {
        Ok(number) if is_number => Ok(Value::Number(number)),
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn ambiguous(text: &str, line: usize) -> Error {
    fault(
        line,
        &format!("{text} without quotes means one thing to some readers of YAML and another to others. Quote it."),
    )
}

fn fault(line: usize, what: &str) -> Error {
    Error::Template { line, what: what.to_owned() }
}
