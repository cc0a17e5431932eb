//! `witness`: a server of its own that co-signs the ledgers of others.

use super::Failed;
use crate::witness::Keeper;
use crate::{listen, log, witness};
use ledger::note::{KeyKind, Vkey};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

#[derive(clap::Args)]
pub struct Witness {
    /// The name in its co-signatures, such as witness.clinic.example; it must not change
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The public key of a ledger to watch over; may be said several times
    #[arg(long = "log", value_name = "KEY", required = true)]
    logs: Vec<String>,
    /// Address and port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8200")]
    listen: SocketAddr,
}

const CONNECTIONS: u32 = 256;

pub fn run(folder: &Path, said: &Witness) -> Result<(), Failed> {
    log::start(&crate::config::Log { format: crate::config::LogFormat::Text, level: "info".to_owned() });
    let read = |text: &String| {
        let key = Vkey::parse(text).filter(|key| key.kind == KeyKind::Log);
        key.ok_or_else(|| Failed::Usage(format!("--log: {text} is no key of a ledger")))
    };
    let logs = said.logs.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let keeper = Arc::new(Keeper::open(folder, &said.name, logs).map_err(Failed::Work)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| format!("The threads cannot be started: {e}"))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(said.listen).await;
        let listener = listener.map_err(|e| Failed::Work(format!("Cannot listen on {}: {e}", said.listen)))?;
        let bound = listener.local_addr().map_err(|e| e.to_string())?;
        let listening = |kind| signal(kind).map_err(|e| Failed::Work(format!("Signals cannot be listened to: {e}")));
        let (mut terminate, mut interrupt) = (listening(SignalKind::terminate())?, listening(SignalKind::interrupt())?);
        println!("witness http://{bound} {}", keeper.key());
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        listen::serve(listener, None, witness::router(keeper), CONNECTIONS, stop).await;
        Ok(())
    })
}
