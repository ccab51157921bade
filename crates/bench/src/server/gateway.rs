//! The local stack from outside, with every check on, beside the engine alone: purchases and reads at 1, 8 and 64
//! clients, and what memory that takes. The sides take turns in every round, so that a noisy minute hits all alike.

use std::net::SocketAddr;

use domain::BuyerName;
use dynoxide::Database;
use embedded_dynamodb::EmbeddedDynamoDb;

use super::{
    Setting,
    client::{Bytes, Connection, drive, get},
    engine::{self, Update},
    issuer::Issuer,
    others,
    people::Buyer,
    process::Process,
    stock,
    timing::Rounds,
};
use crate::{
    failure::{Failure, Result},
    table::{Cell, Table},
};

const CLIENTS: [usize; 3] = [1, 8, 64];
/// Others get so many times fewer requests, or one would wait for them only.
const OTHERS_SHARE: usize = 4;

/// Requests of one round, shared by its clients.
fn requests(clients: usize, setting: &Setting) -> usize {
    let many = if setting.quick { 320 } else { 1280 };
    if clients == 1 { many / 4 } else { many }
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

    let mut measured: [[Rounds; 3]; CLIENTS.len()] = Default::default();
    let mut measured_others: Vec<[Rounds; CLIENTS.len()]> = others.iter().map(|_| Default::default()).collect();
    let mut memory = vec![process.memory()?];
    let (mut next, mut next_of_others) = (1, 1);
    for _ in 0..rounds {
        for (place, &clients) in CLIENTS.iter().enumerate() {
            let ids: Vec<u64> = (next..).take(requests(clients, setting)).collect();
            next += ids.len() as u64;
            let signed = signed(&buyers, &ids, clients, process.address)?;
            let updates = updates(&table_name, &buyers, &ids, clients).await?;
            let [gateway, engine, single] = &mut measured[place];
            gateway.push(drive(process.address, signed).await?);
            engine.push(engine::embedded(&embedded, updates.clone())?);
            single.push(engine::published(&published, updates)?);

            let ids: Vec<u64> = (next_of_others..).take(ids.len() / OTHERS_SHARE).collect();
            next_of_others += ids.len() as u64;
            let updates = self::updates(&table_name, &buyers, &ids, clients).await?;
            for (other, measured) in others.iter().zip(&mut measured_others) {
                let request = |body: &Update| other.request("UpdateItem", body);
                let requests = updates.iter().map(|share| share.iter().map(request).collect()).collect();
                measured[place].push(drive(other.address, requests).await?);
            }
        }
        memory.push(process.memory()?);
    }
    check_sold(&process, next - 1).await?;

    let mut table = Table::new("Durable purchases", &Rounds::COLUMNS);
    let mut ratios = Table::new("Durable purchases: the local stack by others", &["a second", "p99"]);
    for (place, (clients, [gateway, engine, single])) in CLIENTS.iter().zip(&measured).enumerate() {
        table.row(format!("local stack, {clients} clients"), gateway.cells());
        table.row(format!("engine alone, {clients} callers"), engine.cells());
        table.row(format!("engine as published, {clients} callers"), single.cells());
        let mut beside = vec![("by the engine alone", engine), ("by the engine as published", single)];
        for (other, measured) in others.iter().zip(&measured_others) {
            table.row(format!("{}, the write alone, {clients} clients", other.name), measured[place].cells());
            beside.push((other.name, &measured[place]));
        }
        for (name, other) in beside {
            let ratio = |measure: fn(&super::timing::Round) -> f64| {
                Cell::Number(gateway.summary(measure).median / other.summary(measure).median)
            };
            let cells = vec![ratio(|round| round.per_second), ratio(|round| round.p99)];
            ratios.row(format!("{clients} clients, {name}"), cells);
        }
    }
    table.note(
        "Every purchase is of another pet and on the disk before it is answered. Requests are signed by aws-sigv4 before \
         the clock runs; the server verifies signature, session, policies and ID token of each, and the clients share \
         its cores. Other servers get the same write over HTTP, and check and flush nothing.",
    );
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

/// Reads a second at 1, 8 and 64 clients.
pub async fn reads(setting: &Setting) -> Result<Vec<Table>> {
    let issuer = Issuer::start().await?;
    let folder = setting.folder("reads");
    stock::fill(&setting.program, &setting.template, &folder, 10_000).await?;
    let (process, _) = Process::start(&setting.program, &setting.template, &folder, Some(&issuer)).await?;
    let address = process.address;
    let buyer = Buyer::arrive(0, &issuer, address).await?;
    let mut connection = Connection::open(address).await?;
    for pet in 1..=10 {
        connection.ask(&buyer.purchase(pet, address)?).await?;
    }

    let kinds = ["a page of 50, by anybody", "one pet by its id, by anybody", "a buyer's ten purchases, signed"];
    let mut measured: [[Rounds; 3]; CLIENTS.len()] = Default::default();
    for _ in 0..setting.rounds() {
        for (place, &clients) in CLIENTS.iter().enumerate() {
            let asked = [get("/test/pets", address), get("/test/pets?id=77", address), buyer.purchases(address)?];
            for (rounds, request) in measured[place].iter_mut().zip(asked) {
                let each = requests(clients, setting) * 2 / clients;
                rounds.push(drive(address, vec![vec![request; each]; clients]).await?);
            }
        }
    }
    let mut table = Table::new("Reads", &Rounds::COLUMNS);
    for (clients, measured) in CLIENTS.iter().zip(&measured) {
        for (kind, rounds) in kinds.iter().zip(measured) {
            table.row(format!("{kind}, {clients} clients"), rounds.cells());
        }
    }
    table.note(
        "10,000 pets, and nothing is written meanwhile: each kind asks the same again and again, which is as good as it gets \
         for whatever remembers answers. The clients share the server's cores.",
    );
    Ok(vec![table])
}
