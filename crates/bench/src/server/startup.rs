//! How long it takes from starting the local stack to its first answer: with a new data folder, where keys and table are
//! made first, and with one that is there. And how long others take that are started for the same purpose.

use std::time::Instant;

use super::{Setting, others, process::Process, stock};
use crate::{
    failure::Result,
    summary::Summary,
    table::{Cell, Table},
};

/// Milliseconds of each start of one kind.
#[derive(Default)]
struct Times {
    answer: Vec<f64>,
    keys: Vec<f64>,
}

/// Starts with small, large and no data.
pub async fn starts(setting: &Setting) -> Result<Vec<Table>> {
    let starts = if setting.quick { 5 } else { 21 };
    let (small, large) = (setting.folder("start-small"), setting.folder("start-large"));
    stock::fill(&setting.program, &setting.template, &small, 100).await?;
    stock::fill(&setting.program, &setting.template, &large, 100_000).await?;
    let [mut new, mut with_few, mut with_many]: [Times; 3] = Default::default();
    let mut memory = Vec::new();
    for number in 0..starts {
        let fresh = setting.folder(&format!("start-{number}"));
        for (folder, times) in [(&fresh, &mut new), (&small, &mut with_few), (&large, &mut with_many)] {
            let begin = Instant::now();
            let (process, time) = Process::start(&setting.program, &setting.template, folder, None).await?;
            times.answer.push(time.as_secs_f64() * 1e3);
            process.issuer_keys().await?;
            times.keys.push(begin.elapsed().as_secs_f64() * 1e3);
            if std::ptr::eq(folder, &small) {
                memory.push(process.memory()?);
            }
        }
    }
    let columns = ["first answer, ms", "keys of the issuer, ms"];
    let mut table = Table::new("Start of the local stack, from the process to its answers", &columns);
    let rows = [("a new folder", new), ("a folder with 100 pets", with_few), ("a folder with 100,000 pets", with_many)];
    for (name, times) in rows {
        table.row(name, [times.answer, times.keys].map(|times| Cell::Measured(Summary::of(&times))).into());
    }
    for (kind, program) in others::found() {
        let mut times = Vec::new();
        for number in 0..starts.min(5) {
            let folder = setting.folder(&format!("start-{}-{number}", kind.name));
            match kind.start(&program, &folder).await {
                Ok((_, time)) => times.push(time.as_secs_f64() * 1e3),
                Err(failure) => eprintln!("bench: a start of {} is left out: {failure}", kind.name),
            }
        }
        if !times.is_empty() {
            let cells = vec![Cell::Measured(Summary::of(&times)), Cell::Text("has none".into())];
            table.row(format!("{}, with nothing in it", kind.name), cells);
        }
    }
    let memory = Summary::of(&memory).median;
    table.note(format!(
        "The first answer is that of /config.json, with the table, its pets and the Action ready; the issuer's key pair is \
         made once for a folder, while the stack answers already. It holds {memory:.0} MiB then."
    ));
    Ok(vec![table])
}
