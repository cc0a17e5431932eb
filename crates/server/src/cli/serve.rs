//! `serve`: the server from its start to its orderly end.

use super::Failed;
use crate::api::demo::Demo;
use crate::config::Config;
use crate::desk::Desk;
use crate::{house, listen, router, tls};
use ledger::House;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

pub fn run(config: &Config) -> Result<(), Failed> {
    crate::log::start(&config.log);
    let house = house::open(config)?;
    until_told(config, house, None, |url| println!("HealthSync answers at {url}"))
}

/// Serves until SIGTERM or SIGINT. `ready` is called with the address once connections are accepted.
pub fn until_told(config: &Config, house: House, demo: Option<Demo>, ready: impl FnOnce(&str)) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| format!("The threads cannot be started: {e}"))?;
    runtime.block_on(serve(config, house, demo, ready))?;
    // What still runs is a stream or a check whose answer nobody waits for any more.
    runtime.shutdown_background();
    Ok(())
}

async fn serve(config: &Config, house: House, demo: Option<Demo>, ready: impl FnOnce(&str)) -> Result<(), Failed> {
    let tls = config.tls.as_ref().map(tls::acceptor).transpose().map_err(Failed::Usage)?;
    let listener = TcpListener::bind(config.listen).await.map_err(|e| cannot_listen(config.listen, &e))?;
    let bound = listener.local_addr().map_err(|e| e.to_string())?;
    let stop = stop_signal()?;
    for program in paper::programs::missing() {
        tracing::warn!(
            program = program.name,
            package = program.package,
            without = program.without,
            "a program is missing"
        );
    }
    let (blobs, rng) = (config.documents.blobs.clone(), Arc::clone(&house.rng));
    // Not a reason to stay away: everything but files works without it, and it may come back.
    tokio::spawn(async move {
        if let Err(error) = blobs.reach(&*rng).await {
            tracing::error!(%error, "files cannot be kept");
        }
    });
    let desk = Desk::new(house.clone(), config, demo);
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let jobs = tokio::spawn(jobs::run(house.clone(), crate::work::registry(config.retention), async move {
        let _ = stopped.await;
    }));
    let cosigning = tokio::spawn(crate::cosigning::run(house.clone()));
    let app = router::router(&desk);
    ready(&config.url(bound));
    let told = async {
        stop.await;
        // Streams of events have no end of their own: stopping must not wait for them.
        notify::end_streams(&house);
        let _ = stopping.send(());
    };
    listen::serve(listener, tls, app, config.limits.connections, told).await;
    cosigning.abort();
    let _ = jobs.await;
    let (ledger, now) = (Arc::clone(&house.ledger), house.clock.now());
    let signed = house.db.write(move |tx| ledger::checkpoint(tx, &ledger, now)).await;
    match signed {
        Ok(checkpoint) => tracing::info!(entries = checkpoint.size, "stopped; the ledger is signed"),
        Err(error) => tracing::error!(%error, "stopped, but the ledger could not be signed"),
    }
    Ok(())
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> Failed {
    let hint = match error.kind() {
        std::io::ErrorKind::AddrInUse => ": something else listens there already; choose another with --listen",
        std::io::ErrorKind::PermissionDenied => ": ports below 1024 need a right that this user lacks",
        _ => "",
    };
    Failed::Work(format!("Cannot listen on {address}: {error}{hint}"))
}

fn stop_signal() -> Result<impl Future<Output = ()>, Failed> {
    let listen = |kind| signal(kind).map_err(|e| Failed::Work(format!("Signals cannot be listened to: {e}")));
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
