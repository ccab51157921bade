//! The local stack from outside, with every check on, beside the engine alone and other servers: purchases at 1, 8 and 64
//! clients, and what memory that takes. Next: `sides` for the order in which they take turns.

use std::net::SocketAddr;

use domain::BuyerName;
use dynoxide::Database;
use embedded_dynamodb::EmbeddedDynamoDb;

use super::{
    Setting,
    client::{Bytes, Connection, drive, get},
    engine::{self, Update},
    issuer::Issuer,
    others::{self, Other},
    people::Buyer,
    process::Process,
    sides::{CLIENTS, Side, requests, turn},
    stock,
    timing::{Round, Rounds},
};
use crate::{
    failure::{Failure, Result},
    table::{Cell, Table},
};

/// Others get so many times fewer requests, or one would wait for them only.
const OTHERS_SHARE: usize = 4;

/// Who takes the purchases.
enum By<'a> {
    /// Everything, with each check.
    Stack(SocketAddr),
    /// The engine as the local stack runs it.
    Engine(&'a EmbeddedDynamoDb),
    /// The engine as it is published.
    Published(&'a Database),
    /// A server of others.
    Other(&'a Other),
}

/// The same purchases in each of the forms in which somebody takes them, a list for each client.
struct Work {
    signed: Vec<Vec<Bytes>>,
    updates: Vec<Vec<Update>>,
    fewer_updates: Vec<Vec<Update>>,
}

impl By<'_> {
    async fn take(&self, work: &Work) -> Result<Round> {
        match self {
            Self::Stack(address) => drive(*address, work.signed.clone()).await,
            Self::Engine(database) => engine::embedded(database, work.updates.clone()),
            Self::Published(database) => engine::published(database, work.updates.clone()),
            Self::Other(other) => {
                let request = |body: &Update| other.request("UpdateItem", body);
                let requests = work.fewer_updates.iter().map(|share| share.iter().map(request).collect()).collect();
                drive(other.address, requests).await
            }
        }
    }
}

/// Purchases a second at 1, 8 and 64 clients, through everything and by the engine alone.
pub async fn purchases(setting: &Setting) -> Result<Vec<Table>> {
    let issuer = Issuer::start().await?;
    let rounds = setting.rounds();
    let pets = CLIENTS.iter().map(|&clients| requests(clients, setting) as u64).sum::<u64>() * rounds as u64;
    let folders = [setting.folder("gateway"), setting.folder("embedded"), setting.folder("published")];
    let mut table_name = String::new();
    for folder in &folders {
        table_name = stock::fill(&setting.program, &setting.template, folder, pets).await?;
    }
    let (process, _) = Process::start(&setting.program, &setting.template, &folders[0], Some(&issuer)).await?;
    let embedded = EmbeddedDynamoDb::open(&folders[1]).map_err(Failure::wrong)?;
    let published = Database::new(&folders[2].join(stock::FILE).to_string_lossy()).map_err(Failure::wrong)?;
    let (described, items) = stock::copies(&embedded, &table_name, pets / OTHERS_SHARE as u64)?;
    let others = others::with_table(setting, &described, &items).await;
    let mut buyers = Vec::new();
    for number in 0..CLIENTS[CLIENTS.len() - 1] {
        buyers.push(Buyer::arrive(number, &issuer, process.address).await?);
    }

    let mut sides = vec![
        Side::new("local stack", By::Stack(process.address)),
        Side::new("engine alone", By::Engine(&embedded)),
        Side::new("engine as published", By::Published(&published)),
    ];
    for other in &others.running {
        sides.push(Side::new(format!("{}, the write alone", other.name), By::Other(other)));
    }
    let mut memory = vec![process.memory()?];
    let (mut next, mut next_of_others) = (1, 1);
    for round in 0..rounds {
        for (place, &clients) in CLIENTS.iter().enumerate() {
            let ids: Vec<u64> = (next..).take(requests(clients, setting)).collect();
            let fewer: Vec<u64> = (next_of_others..).take(ids.len() / OTHERS_SHARE).collect();
            (next, next_of_others) = (next + ids.len() as u64, next_of_others + fewer.len() as u64);
            let work = Work {
                signed: signed(&buyers, &ids, clients, process.address)?,
                updates: updates(&table_name, &buyers, &ids, clients).await?,
                fewer_updates: updates(&table_name, &buyers, &fewer, clients).await?,
            };
            for number in turn(sides.len(), round) {
                let side = &mut sides[number];
                if side.takes_part() {
                    let took = side.of.take(&work).await;
                    side.add(place, took);
                }
            }
        }
        memory.push(process.memory()?);
    }
    if sides[0].takes_part() {
        check_sold(&process, next - 1).await?;
    }

    let mut table = Table::new("Durable purchases", &Rounds::COLUMNS);
    let mut ratios = Table::new("Durable purchases: how many times as much as others", &Rounds::RATIOS);
    for place in 0..CLIENTS.len() {
        for side in &sides {
            side.line(&mut table, place);
        }
        for other in &sides[1..] {
            sides[0].by(other, &mut ratios, place);
        }
    }
    others.tell(&mut table);
    table.note(
        "Every purchase is of another pet and on the disk before it is answered. Requests are signed by aws-sigv4 before \
         the clock runs; the server verifies signature, session, policies and ID token of each, and the clients share \
         its cores. The engine as published flushes each write by itself. Other servers get the same write over HTTP \
         without this project's checks: a signature that is none is taken. For a write MiniStack opens and flushes no file \
         (strace, 1.5.33): nothing is on the disk when it answers. In every round each has its turn, and another begins.",
    );
    ratios.note("Each round's number by the other's of the same round, and of these ratios the median and quartiles.");
    Ok(vec![table, ratios, memory_table(&memory, stock::size(&folders[0]))])
}

fn signed(buyers: &[Buyer], ids: &[u64], clients: usize, address: SocketAddr) -> Result<Vec<Vec<Bytes>>> {
    shares(ids, clients).zip(buyers).map(|(ids, buyer)| ids.map(|id| buyer.purchase(id, address)).collect()).collect()
}

async fn updates(table: &str, buyers: &[Buyer], ids: &[u64], clients: usize) -> Result<Vec<Vec<Update>>> {
    let mut updates = Vec::new();
    for (ids, buyer) in shares(ids, clients).zip(buyers) {
        let name: BuyerName = buyer.name.parse().map_err(Failure::wrong)?;
        let buyer = service::Buyer { key: buyer.sub.clone(), name };
        updates.push(engine::purchases(table, &buyer, ids).await?);
    }
    Ok(updates)
}

/// Every client's pets.
fn shares(ids: &[u64], clients: usize) -> impl Iterator<Item = impl Iterator<Item = u64>> {
    (0..clients).map(move |client| ids.iter().copied().skip(client).step_by(clients))
}

/// A purchase that was answered and isn't there would make every number worthless.
async fn check_sold(process: &Process, last: u64) -> Result<()> {
    let mut connection = Connection::open(process.address).await?;
    for id in [1, last / 2, last] {
        let answer = connection.ask(&get(&format!("/test/pets?id={id}&status=sold"), process.address)).await?;
        if !String::from_utf8_lossy(&answer.body).contains("soldTo") {
            return Err(Failure::wrong(format!("pet {id} was bought, and is not sold")));
        }
    }
    Ok(())
}

fn memory_table(memory: &[f64], size: f64) -> Table {
    let mut table = Table::new("Memory of the local stack under purchases", &["MiB"]);
    table.row("resident at the start", vec![Cell::Number(memory[0])]);
    table.row("after a third of the purchases", vec![Cell::Number(memory[memory.len().div_ceil(3)])]);
    table.row("after two thirds", vec![Cell::Number(memory[(memory.len() * 2).div_ceil(3).min(memory.len() - 1)])]);
    table.row("at the end", vec![Cell::Number(memory[memory.len() - 1])]);
    table.row("the database with its log, on the disk", vec![Cell::Number(size)]);
    table
}
