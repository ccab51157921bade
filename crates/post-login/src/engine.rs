//! The JavaScript engine, a fresh one each time, with its limits. What the script sees of the outside is `engine.js`;
//! what it says comes back through three functions: `log`, `claim` and `deny`.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

use rquickjs::{
    CatchResultExt, CaughtError, Coerced, Context, Ctx, Function, Object, Promise, Runtime, Value,
    context::EvalOptions, function::Opt, promise::PromiseState,
};
use serde_json::Map;

use crate::{
    Claims, Event, Failure, Run, Stopped,
    claims::{LARGEST, dropped_because},
    log::Log,
};

/// How much an Action may take of this machine.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From its beginning to its end. At Auth0 it is 20 seconds, most of which would be waiting for others.
    pub time: Duration,
    /// In bytes.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(2), memory: 16 * 1024 * 1024 }
    }
}

/// Less than any thread's own stack has.
const STACK: usize = 512 * 1024;

/// What the script said so far.
#[derive(Default)]
struct Heard {
    log: Log,
    warnings: Vec<String>,
    claims: Claims,
    denied: Option<String>,
}

/// A script that is read, and the engine that it is in.
struct Engine {
    name: String,
    limits: Limits,
    out_of_time: Rc<Cell<bool>>,
    deadline: Instant,
    context: Context,
}

/// Reads a script as far as to know that it can be called.
pub fn check(name: &str, source: &str, limits: Limits) -> Result<(), Failure> {
    let engine = Engine::new(name, limits)?;
    let heard = Rc::new(RefCell::new(Heard::default()));
    engine.context.with(|ctx| engine.read(&ctx, source, &heard).map(drop))
}

/// Runs a script for a login.
pub fn run(name: &str, source: &str, limits: Limits, event: &Event) -> Run {
    let heard = Rc::new(RefCell::new(Heard::default()));
    let ran = Engine::new(name, limits).and_then(|engine| {
        engine.context.with(|ctx| {
            let shop = engine.read(&ctx, source, &heard)?;
            engine.call(&ctx, &shop, event)
        })
    });
    let Heard { log, mut warnings, claims, denied } = heard.take();
    let (logged, warning) = log.end();
    warnings.extend(warning);
    let size = |claims: &Map<_, _>| serde_json::Value::Object(claims.clone()).to_string().len();
    let result = match (ran, denied) {
        (Err(failure), _) => Err(Stopped::Failed(failure)),
        (Ok(()), Some(reason)) => Err(Stopped::Denied(reason)),
        (Ok(()), None) if size(&claims.id_token).max(size(&claims.access_token)) > LARGEST => {
            let limit = LARGEST / 1_000;
            Err(Stopped::Failed(Failure::ClaimsTooLarge { name: name.to_owned(), limit }))
        }
        (Ok(()), None) => Ok(claims),
    };
    Run { logged, warnings, result }
}

impl Engine {
    fn new(name: &str, limits: Limits) -> Result<Self, Failure> {
        let unable = |error: rquickjs::Error| Failure::Engine(error.to_string());
        let runtime = Runtime::new().map_err(unable)?;
        runtime.set_memory_limit(limits.memory);
        runtime.set_max_stack_size(STACK);
        let deadline = Instant::now() + limits.time;
        let out_of_time = Rc::new(Cell::new(false));
        let flag = Rc::clone(&out_of_time);
        // Not to be caught by the script: it ends whatever is running.
        runtime.set_interrupt_handler(Some(Box::new(move || {
            flag.set(flag.get() || Instant::now() >= deadline);
            flag.get()
        })));
        let context = Context::full(&runtime).map_err(unable)?;
        Ok(Self { name: name.to_owned(), limits, out_of_time, deadline, context })
    }

    /// Evaluates the script, and gives what `engine.js` returns to call it with.
    fn read<'js>(&self, ctx: &Ctx<'js>, source: &str, heard: &Rc<RefCell<Heard>>) -> Result<Object<'js>, Failure> {
        let prepare = || {
            let prepare: Function = ctx.eval(include_str!("engine.js"))?;
            prepare.call::<_, Object>((host(ctx, heard)?,))
        };
        let shop = prepare().catch(ctx).map_err(|error| self.failure(ctx, &error))?;
        let mut options = EvalOptions::default();
        // As a CommonJS module is: the script says itself if it wants to be strict.
        options.strict = false;
        options.filename = Some(self.name.clone());
        let read = ctx.eval_with_options::<Value, _>(source, options);
        read.catch(ctx).map_err(|error| self.failure(ctx, &error))?;
        let is_there = shop.get::<_, Function>("isThere").and_then(|is_there| is_there.call::<_, bool>(()));
        match is_there.catch(ctx).map_err(|error| self.failure(ctx, &error))? {
            true => Ok(shop),
            false => Err(Failure::NothingToCall { name: self.name.clone() }),
        }
    }

    /// Calls it, and does what it awaits until there is nothing left to do.
    fn call<'js>(&self, ctx: &Ctx<'js>, shop: &Object<'js>, event: &Event) -> Result<(), Failure> {
        let called = shop.get::<_, Function>("run").and_then(|run| run.call::<_, Value>((event.to_string(),)));
        let called = called.catch(ctx).map_err(|error| self.failure(ctx, &error))?;
        let Some(promise) = called.into_promise() else { return Ok(()) };
        while promise.state() == PromiseState::Pending && !self.is_out_of_time() && ctx.execute_pending_job() {}
        self.settled(ctx, &promise)
    }

    fn settled<'js>(&self, ctx: &Ctx<'js>, promise: &Promise<'js>) -> Result<(), Failure> {
        match promise.result::<Value>() {
            Some(result) => result.catch(ctx).map(drop).map_err(|error| self.failure(ctx, &error)),
            None if self.is_out_of_time() => Err(self.time_limit()),
            None => Err(Failure::NeverSettles { name: self.name.clone() }),
        }
    }

    fn is_out_of_time(&self) -> bool {
        self.out_of_time.get() || Instant::now() >= self.deadline
    }

    fn time_limit(&self) -> Failure {
        Failure::TimeLimit { name: self.name.clone(), limit: self.limits.time }
    }

    /// What the script threw, with its place.
    fn failure(&self, ctx: &Ctx<'_>, error: &CaughtError<'_>) -> Failure {
        let (message, stack) = match error {
            CaughtError::Error(error) => (error.to_string(), None),
            CaughtError::Exception(exception) => {
                let shown = Value::from(exception.as_object().clone()).get::<Coerced<String>>();
                let shown = shown.map_or_else(|_| exception.message().unwrap_or_default(), |shown| shown.0);
                (shown, exception.stack())
            }
            // The engine itself throws it when there is no room left for an Error.
            CaughtError::Value(value) if value.is_null() => ("out of memory".to_owned(), None),
            CaughtError::Value(value) => {
                let shown = value.get::<Coerced<String>>().map_or_else(|_| "something".to_owned(), |shown| shown.0);
                (format!("threw {shown}, which is no Error"), None)
            }
        };
        // What was thrown may have thrown again, or not ended, when it was asked for its text.
        drop(ctx.catch());
        if self.out_of_time.get() {
            return self.time_limit();
        }
        if message.ends_with("out of memory") {
            return Failure::MemoryLimit { name: self.name.clone(), limit: self.limits.memory / (1024 * 1024) };
        }
        let mut clean = Log::default();
        clean.write(&message.replace('\n', " "));
        let message = clean.end().0.concat();
        let place = stack.and_then(|stack| place(&stack, &self.name)).unwrap_or_else(|| self.name.clone());
        Failure::Thrown { place, message }
    }
}

/// The functions that `engine.js` speaks through.
fn host<'js>(ctx: &Ctx<'js>, heard: &Rc<RefCell<Heard>>) -> rquickjs::Result<Object<'js>> {
    let host = Object::new(ctx.clone())?;
    let to = Rc::clone(heard);
    host.set("log", Function::new(ctx.clone(), move |text: String| to.borrow_mut().log.write(&text))?)?;
    let to = Rc::clone(heard);
    host.set("deny", Function::new(ctx.clone(), move |reason: String| to.borrow_mut().denied = Some(reason))?)?;
    let to = Rc::clone(heard);
    let claim = move |token: String, name: String, value: Opt<Option<String>>| {
        to.borrow_mut().claim(&token, name, value.0.flatten().as_deref());
    };
    host.set("claim", Function::new(ctx.clone(), claim)?)?;
    Ok(host)
}

impl Heard {
    /// A claim, as JSON; without a value, it is taken back.
    fn claim(&mut self, token: &str, name: String, value: Option<&str>) {
        if let Some(why) = dropped_because(&name) {
            let warning = format!("Auth0 drops the claim {name:?} of the {token}: {why}");
            if self.warnings.len() < 20 && !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
            return;
        }
        let claims = match token {
            "ID token" => &mut self.claims.id_token,
            _ => &mut self.claims.access_token,
        };
        match value.and_then(|value| serde_json::from_str(value).ok()) {
            Some(value) => claims.insert(name, value),
            None => claims.remove(&name),
        };
    }
}

/// The first place in a stack that is in the script: `name:line:column`.
fn place(stack: &str, name: &str) -> Option<String> {
    let (_, rest) = stack.split_once(&format!("{name}:"))?;
    let numbers: String = rest.chars().take_while(|char| char.is_ascii_digit() || *char == ':').collect();
    Some(format!("{name}:{}", numbers.trim_end_matches(':')))
}
