//! Strings of a document that have wildcards and policy variables in them: action names, resources, condition values.
//! A variable's value enters as plain characters, after wildcards were read, so it can never act as a pattern.

use std::{borrow::Cow, iter};

use crate::{
    error::Problem,
    glob::{self, Case, Token},
    request::Context,
    trace::Wanted,
};

/// More variables than this in one string are refused, which bounds what a request's values can make of it.
const VARIABLES: usize = 32;

/// What a string may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Syntax {
    /// `*` and `?` are wildcards, else they are characters.
    pub wildcards: bool,
    /// `${…}` is a variable or an escape, else it is text. Off in documents of 2008-10-17.
    pub variables: bool,
}

/// A parsed string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Fixed(Vec<Token>),
    Variable(Variable),
}

/// `${key}` or `${key, 'default'}`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Variable {
    lowercase_key: String,
    default: Option<String>,
}

impl Pattern {
    pub fn parse(text: &str, syntax: Syntax) -> Result<Self, Problem> {
        let mut pattern = Self::default();
        let mut variables = 0;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if syntax.variables
                && let Some(inside) = rest.strip_prefix("${")
            {
                let (inside, after) = inside.split_once('}').ok_or(Problem::Variable("no closing brace"))?;
                rest = after;
                match inside {
                    "*" | "?" | "$" => {
                        pattern.push(Token::Char(inside.chars().next().expect("one of three characters")))
                    }
                    _ => {
                        variables += 1;
                        if variables > VARIABLES {
                            return Err(Problem::Variable("more than 32 in one string"));
                        }
                        pattern.pieces.push(Piece::Variable(Variable::parse(inside)?));
                    }
                }
                continue;
            }
            rest = &rest[c.len_utf8()..];
            pattern.push(match c {
                '*' if syntax.wildcards => Token::Any,
                '?' if syntax.wildcards => Token::One,
                _ => Token::Char(c),
            });
        }
        Ok(pattern)
    }

    fn push(&mut self, token: Token) {
        match self.pieces.last_mut() {
            Some(Piece::Fixed(tokens)) => {
                if !(token == Token::Any && tokens.last() == Some(&Token::Any)) {
                    tokens.push(token);
                }
            }
            _ => self.pieces.push(Piece::Fixed(vec![token])),
        }
    }

    /// Whether the text is what the pattern says; `None` when a variable has no value.
    pub fn matches(&self, text: &str, context: &Context, case: Case) -> Option<bool> {
        Some(glob::matches(&self.tokens(context)?, text, case))
    }

    /// The pattern with the request's values in it; `None` when a variable has no value.
    fn tokens(&self, context: &Context) -> Option<Cow<'_, [Token]>> {
        match self.pieces.as_slice() {
            [] => return Some(Cow::Borrowed(&[])),
            [Piece::Fixed(tokens)] => return Some(Cow::Borrowed(tokens)),
            _ => {}
        }
        let mut tokens = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Fixed(fixed) => tokens.extend_from_slice(fixed),
                Piece::Variable(variable) => {
                    tokens.extend(variable.value(context)?.chars().map(Token::Char));
                }
            }
        }
        Some(Cow::Owned(tokens))
    }

    /// The characters, for a pattern without wildcards; `None` when a variable has no value.
    pub fn text(&self, context: &Context) -> Option<String> {
        let tokens = self.tokens(context)?;
        Some(tokens.iter().flat_map(|token| shown(*token)).collect())
    }

    pub fn has_variables(&self) -> bool {
        let variable = |piece: &Piece| matches!(piece, Piece::Variable(_));
        self.pieces.iter().any(variable)
    }

    pub fn lacks_a_value(&self, context: &Context) -> bool {
        self.has_variables() && self.tokens(context).is_none()
    }

    /// As a trace shows it.
    pub fn wanted(&self, written: &str, context: &Context) -> Wanted {
        let resolved = self.has_variables().then(|| {
            let tokens = self.tokens(context)?;
            Some(tokens.iter().flat_map(|token| escaped(*token)).collect())
        });
        Wanted { written: written.to_owned(), resolved: resolved.flatten() }
    }

    /// The six components of an ARN, cut at the first five colons outside of variables.
    pub fn components(self) -> Option<[Self; 6]> {
        let mut components = vec![Self::default()];
        for piece in self.pieces {
            match piece {
                Piece::Variable(_) => components.last_mut()?.pieces.push(piece),
                Piece::Fixed(tokens) => {
                    for token in tokens {
                        if token == Token::Char(':') && components.len() < 6 {
                            components.push(Self::default());
                        } else {
                            components.last_mut()?.push(token);
                        }
                    }
                }
            }
        }
        components.try_into().ok()
    }

    /// A resource pattern.
    ///
    /// Wildcards work within a component, and a `*` that ends one may run on over colons (User Guide, "Resource",
    /// wildcards in resource ARNs), which a pattern of fewer than six components has to end in. The partition's never
    /// does, or it would reach other services. The last component is all that comes after the fifth colon; variables
    /// stand only there.
    pub fn resource(text: &str, variables: bool) -> Result<Self, Problem> {
        let mut pattern = Self::parse(text, Syntax { wildcards: true, variables })?;
        if text == "*" {
            return Ok(pattern);
        }
        let mut parts = text.split(':');
        let mut part = || parts.next().filter(|part| !part.is_empty());
        if part() != Some("arn") {
            return Err(Problem::Resource("it does not start with arn:"));
        }
        if part().is_none() || part().is_none_or(|service| service.contains(['*', '?', '$'])) {
            return Err(Problem::Resource("partition and service are to be written out"));
        }
        let several = pattern.pieces.len() > 1;
        let Some(Piece::Fixed(tokens)) = pattern.pieces.first_mut() else {
            return Err(Problem::Resource("it does not start with arn:"));
        };
        let mut component = 0;
        for position in 0..tokens.len() {
            let ends = matches!(tokens.get(position + 1), None | Some(Token::Char(':')));
            match &mut tokens[position] {
                _ if component == 5 => break,
                Token::Char(':') => component += 1,
                Token::Any if ends && component > 2 => {}
                wildcard @ Token::Any => *wildcard = Token::AnyInComponent,
                wildcard @ Token::One => *wildcard = Token::OneInComponent,
                _ => {}
            }
        }
        if component < 5 && several {
            return Err(Problem::Resource("a variable before the fifth colon"));
        }
        if component < 5 && tokens.last() != Some(&Token::Any) {
            return Err(Problem::Resource("it has fewer than six components"));
        }
        Ok(pattern)
    }
}

impl Variable {
    fn parse(inside: &str) -> Result<Self, Problem> {
        let (key, default) = match inside.split_once(", ") {
            None => (inside, None),
            Some((key, default)) => {
                let default = default
                    .strip_prefix('\'')
                    .and_then(|default| default.strip_suffix('\''))
                    .filter(|default| !default.contains(['\'', '*', '?', '$', '{']))
                    .ok_or(Problem::Variable("a default is text in single quotes"))?;
                (key, Some(default.to_owned()))
            }
        };
        if key.contains(',') || !is_key(key) {
            return Err(Problem::Variable("a name is prefix:name"));
        }
        Ok(Self { lowercase_key: key.to_ascii_lowercase(), default })
    }

    /// A key that is absent or empty has no value, a multivalued one can't be a variable (User Guide, "Variables
    /// and tags").
    fn value<'a>(&'a self, context: &'a Context) -> Option<&'a str> {
        match context.lookup(&self.lowercase_key) {
            Some([value]) if !value.is_empty() => Some(value),
            None | Some([_]) => self.default.as_deref(),
            Some(_) => None,
        }
    }
}

/// Whether this can name a condition key: `prefix:name`, no wildcards, nothing of a variable's syntax.
pub(crate) fn is_key(key: &str) -> bool {
    let plain = |c: char| !c.is_control() && !matches!(c, '*' | '?' | '$' | '{' | '}' | '\'' | '"');
    key.split_once(':').is_some_and(|(prefix, name)| !prefix.is_empty() && !name.is_empty())
        && key.trim() == key
        && key.chars().all(plain)
}

fn shown(token: Token) -> iter::Once<char> {
    iter::once(match token {
        Token::Char(c) => c,
        Token::One | Token::OneInComponent => '?',
        Token::Any | Token::AnyInComponent => '*',
    })
}

/// As one would have to write it.
fn escaped(token: Token) -> Vec<char> {
    match token {
        Token::Char(c @ ('*' | '?' | '$')) => vec!['$', '{', c, '}'],
        token => shown(token).collect(),
    }
}
