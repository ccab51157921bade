//! How long it takes from starting the local stack to its first answer: with a new data folder, where keys and table are
//! made first, and with one that is there. And how long others take that are started for the same purpose.

use std::time::Instant;

use super::{Setting, others, process::Process, stock};
use crate::{
    failure::Result,
    summary::Summary,
    table::{Cell, Table},
};

/// Milliseconds of each start of one kind, and MiB.
#[derive(Default)]
struct Times {
    answer: Vec<f64>,
    keys: Vec<f64>,
    memory: Vec<f64>,
}

/// Starts with small, large and no data.
pub async fn starts(setting: &Setting) -> Result<Vec<Table>> {
    let starts = if setting.quick { 11 } else { 21 };
    let (small, large) = (setting.folder("start-small"), setting.folder("start-large"));
    stock::fill(&setting.program, &setting.template, &small, 100).await?;
    stock::fill(&setting.program, &setting.template, &large, 100_000).await?;
    let [mut new, mut with_few, mut with_many]: [Times; 3] = Default::default();
    for number in 0..starts {
        let fresh = setting.folder(&format!("start-{number}"));
        for (folder, times) in [(&fresh, &mut new), (&small, &mut with_few), (&large, &mut with_many)] {
            let begin = Instant::now();
            let (process, time) = Process::start(&setting.program, &setting.template, folder, None).await?;
            times.answer.push(time.as_secs_f64() * 1e3);
            process.issuer_keys().await?;
            times.keys.push(begin.elapsed().as_secs_f64() * 1e3);
            times.memory.push(process.memory()?);
        }
    }
    let columns = ["first answer, ms", "keys of the issuer, ms", "resident, MiB"];
    let mut table = Table::new("Start of the local stack, from the process to its answers", &columns);
    let rows = [("a new folder", new), ("a folder with 100 pets", with_few), ("a folder with 100,000 pets", with_many)];
    for (name, Times { answer, keys, memory }) in rows {
        table.row(name, [answer, keys, memory].map(|samples| Cell::Measured(Summary::of(&samples))).into());
    }
    let (found, absent) = others::found();
    for (kind, program) in found {
        let (mut times, mut memory) = (Vec::new(), Vec::new());
        let name = format!("{}, with nothing in it", kind.name);
        let mut failure = None;
        for number in 0..starts.min(5) {
            let folder = setting.folder(&format!("start-{}-{number}", kind.name));
            match kind.start(&program, &folder).await.and_then(|(other, time)| Ok((other.memory()?, time))) {
                Ok((resident, time)) => {
                    times.push(time.as_secs_f64() * 1e3);
                    memory.push(resident);
                }
                Err(other) => failure = Some(other),
            }
        }
        match failure {
            Some(failure) => table.failed(name, failure),
            None => {
                let [times, memory] = [times, memory].map(|samples| Cell::Measured(Summary::of(&samples)));
                table.row(name, vec![times, Cell::Text("has none".into()), memory]);
            }
        }
    }
    absent.into_iter().for_each(|note| table.note(note));
    table.note(
        "The first answer is that of /config.json, with the table, its pets and the Action ready; the issuer's key pair is \
         made once for a folder, while the stack answers already. The memory is that of the process when both are there.",
    );
    Ok(vec![table])
}
