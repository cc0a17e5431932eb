//! The command line: what an operator does at the machine itself.

mod accounts;
mod demo;
mod erase;
mod export;
mod import;
mod keep;
mod paper;
mod provenance;
mod serve;
mod witness;

use crate::config::{self, Config, Given};
use clap::{Args, Parser, Subcommand};
use ledger::House;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Why a command did not do what it was asked.
pub enum Failed {
    /// Exit code 1.
    Work(String),
    /// Exit code 2: the settings or the arguments.
    Usage(String),
}

impl From<String> for Failed {
    fn from(text: String) -> Self {
        Self::Work(text)
    }
}

impl From<kernel::Problem> for Failed {
    fn from(problem: kernel::Problem) -> Self {
        Self::Work(told(&problem))
    }
}

/// A problem in one or more lines: each finding with its place, or the problem itself when it has none.
pub fn told(problem: &kernel::Problem) -> String {
    if problem.issues.is_empty() {
        return problem.detail.clone();
    }
    let mut lines: Vec<String> = Vec::new();
    for issue in &problem.issues {
        lines.push(if issue.path.is_empty() { issue.text.clone() } else { format!("{}: {}", issue.path, issue.text) });
    }
    lines.dedup();
    lines.join("\n  ")
}

#[derive(Parser)]
#[command(
    name = "healthsync",
    version,
    about = "One health record that belongs to the patient: server, web app and database in one program.",
    after_help = "Try it:        healthsync demo\n\
                  Run it:        healthsync serve --data /var/lib/healthsync\n\
                  Fill it:       healthsync import --data /var/lib/healthsync bundles/\n\
                  Check it:      healthsync ledger verify --data /var/lib/healthsync\n\n\
                  Exit codes: 0 done, 1 failed, 2 wrong arguments or settings."
)]
struct Healthsync {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Where everything is kept; the same for every command.
#[derive(Args)]
struct Place {
    /// The folder that holds database, master key and healthsync.toml [default: ./data, for demo ./data/demo]
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// The settings file [default: healthsync.toml in the data folder, if it is there]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// postgres://… or the path of an SQLite file [default: healthsync.db in the data folder]
    #[arg(long, value_name = "URL", global = true)]
    database: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server
    #[command(after_help = "Example: healthsync serve --data /var/lib/healthsync --listen 127.0.0.1:9000\n\
                            Other machines reach it through a proxy with TLS, or directly with server.tls_cert and \
                            server.tls_key in healthsync.toml.")]
    Serve {
        /// Address and port [default: 127.0.0.1:8080]
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
    },
    /// Start a demonstration with invented patients and public passwords
    #[command(
        after_help = "Example: healthsync demo --fresh --patients 200\nThe accounts are printed when it is ready."
    )]
    Demo(demo::Demo),
    /// Take FHIR bundles and resources in
    #[command(after_help = "Examples: healthsync import bundles/ more.json.bz2\n\
                            \u{20}         zcat export.ndjson.gz | healthsync import - --organization 'Riverside Clinic'\n\
                            A bundle is taken in whole or not at all. Running it again changes nothing.")]
    Import(import::Import),
    /// Write everything of one patient, named by FHIR id or identifier, to standard output
    #[command(after_help = "Example: healthsync export 057aa36e-b892-9964-75b9-ffb46b097e34 > record.json")]
    Export(export::Export),
    /// End a record for good: its key is destroyed, with everything it sealed
    #[command(after_help = "Example: healthsync erase 057aa36e-b892-9964-75b9-ffb46b097e34\n\
                            The ledger stays, and verifies; it tells that a record was erased, and nothing of it.")]
    Erase(erase::Erase),
    /// Watch over the ledgers of others: co-sign each that did nothing but grow (C2SP tlog-witness)
    #[command(after_help = "Example: healthsync witness --data /var/lib/witness --name witness.clinic.example \\\n\
                            \u{20}           --log 'healthsync/ledger+1a2b3c4d+AQ…' --listen 127.0.0.1:8200\n\
                            The key of a ledger is printed by `healthsync ledger key`. A proxy in front does TLS.")]
    Witness(witness::Witness),
    /// What doctors changed in a record, as a file holds it
    #[command(subcommand)]
    Provenance(Provenance),
    /// The access ledger
    #[command(subcommand)]
    Ledger(Ledger),
    /// The settings
    #[command(subcommand)]
    Config(Settings),
    /// People who sign in
    #[command(subcommand)]
    User(accounts::User),
    /// Programs that sign in
    #[command(subcommand)]
    Token(accounts::Token),
    /// The master key, and the key that signs for apps
    #[command(subcommand)]
    Keys(Keys),
    /// Read one file in a process of its own; the server starts this for each document
    #[command(subcommand, hide = true)]
    Paper(paper::Paper),
    /// Print the description of the HTTP interface (OpenAPI)
    Openapi,
}

#[derive(Subcommand)]
enum Provenance {
    /// Check what a server signed of each change; no server, no database and no network are needed
    #[command(
        after_help = "Example: healthsync provenance verify record.json --key 'healthsync/ledger+1a2b3c4d+AQ…'\n\
                            Exit code 0 when all that is signed is as it was signed, 1 when anything is not."
    )]
    Verify(provenance::Verify),
}

#[derive(Subcommand)]
enum Ledger {
    /// Check every entry, every patient's sequence, every signed checkpoint and every co-signature, from the first on
    #[command(
        after_help = "A database that was put back or forged as a whole agrees with itself. A checkpoint that a witness\n\
                            keeps in its folder, or that anybody else kept, does not agree with it:\n\
                            healthsync ledger verify --checkpoint 4f…a1.checkpoint --witness 'one.example+…'"
    )]
    Verify(keep::Verify),
    /// Print the ledger's public key, as a witness wants it
    Key,
    /// Check a file that a patient saved from the ledger; no server, no database and no network are needed
    #[command(after_help = "Example: healthsync ledger check healthsync-ledger.json\n\
                            Exit code 0 when everything in it is proven, 1 when anything is not.")]
    Check(keep::Check),
}

#[derive(Subcommand)]
enum Settings {
    /// Print the settings in effect, secrets hidden, or what is wrong with them; a bucket of files is tried out
    Check {
        /// Address and port, as for serve
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// Replace the master key; everything that was sealed stays readable
    Rotate,
    /// Make a new key for signing the tokens of apps; it takes over in ten minutes
    #[command(
        after_help = "The key before it stays known for an hour more, until what it signed is over. Once a year this\n\
                            happens by itself. Works while the server runs."
    )]
    RotateApps {
        /// Believe nothing that the keys until now signed: for the day one came into other hands. Apps ask again
        #[arg(long)]
        at_once: bool,
    },
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let Healthsync { place, command } = Healthsync::parse();
    let done = run(&place, command);
    crate::log::flush();
    match done {
        Ok(code) => code,
        Err(Failed::Work(text)) => {
            eprintln!("healthsync: {text}");
            ExitCode::from(1)
        }
        Err(Failed::Usage(text)) => {
            eprintln!("healthsync: {text}");
            ExitCode::from(2)
        }
    }
}

fn run(place: &Place, command: Command) -> Result<ExitCode, Failed> {
    match command {
        Command::Paper(paper) => paper::run(&paper),
        command => work(place, command).map(|()| ExitCode::SUCCESS),
    }
}

fn work(place: &Place, command: Command) -> Result<(), Failed> {
    match command {
        Command::Serve { listen } => serve::run(&place.settings("data", listen)?),
        Command::Demo(demo) => demo::run(&place.settings("data/demo", demo.listen)?, &place.folder("data/demo"), &demo),
        Command::Import(import) => import::run(&place.house()?, &import),
        Command::Export(export) => export::run(&place.kept()?, &export),
        Command::Erase(erase) => erase::run(&place.kept()?, &erase),
        Command::Witness(witness) => witness::run(&place.folder("data/witness"), &witness),
        Command::Provenance(Provenance::Verify(said)) => provenance::verify(&said),
        Command::Ledger(Ledger::Verify(said)) => keep::verify(&place.kept()?, &said),
        Command::Ledger(Ledger::Key) => keep::key(&place.kept()?),
        Command::Ledger(Ledger::Check(check)) => keep::check(&check),
        Command::Config(Settings::Check { listen }) => {
            let config = place.settings("data", listen)?;
            print!("{}", config::listed(&config));
            block_on(config.documents.blobs.reach(&kernel::SystemRng))?
                .map_err(|e| Failed::Usage(format!("blobs: {e}")))
        }
        Command::User(accounts::User::Add(user)) => accounts::add_user(&place.house()?, user),
        Command::Token(accounts::Token::Create(token)) => accounts::create_token(&place.house()?, &token),
        // Its exit code says more than whether it worked.
        Command::Paper(paper) => paper::run(&paper).map(|_| ()),
        Command::Openapi => {
            print!("{}", crate::openapi::text());
            Ok(())
        }
        Command::Keys(Keys::Rotate) => keep::rotate(&place.existing()?),
        Command::Keys(Keys::RotateApps { at_once }) => keep::rotate_apps(&place.kept()?, at_once),
    }
}

impl Place {
    fn settings(&self, default: &str, listen: Option<SocketAddr>) -> Result<Config, Failed> {
        let given =
            Given { data: self.folder(default), config: self.config.clone(), listen, database: self.database.clone() };
        config::load(&given, std::env::vars()).map_err(|error| Failed::Usage(error.to_string()))
    }

    /// The settings of a server that is there: a command that looks at what is kept, or changes keys, must not make an empty
    /// folder and find it in order.
    fn existing(&self) -> Result<Config, Failed> {
        let config = self.settings("data", None)?;
        if !config.database_url.contains("://") && !std::path::Path::new(&config.database_url).exists() {
            let text = format!("There is no database at {}. Say where it is with --data.", config.database_url);
            return Err(Failed::Usage(text));
        }
        Ok(config)
    }

    fn folder(&self, default: &str) -> PathBuf {
        self.data.clone().unwrap_or_else(|| PathBuf::from(".").join(default))
    }

    /// The house for a command that ends: its log tells only what went wrong.
    fn house(&self) -> Result<House, Failed> {
        Self::opened(self.settings("data", None)?)
    }

    /// The same where something must be kept already.
    fn kept(&self) -> Result<House, Failed> {
        Self::opened(self.existing()?)
    }

    fn opened(mut config: Config) -> Result<House, Failed> {
        if config.log.level == "info" {
            config.log.level = "warn".to_owned();
        }
        crate::log::start(&config.log);
        Ok(crate::house::open(&config)?)
    }
}

/// The operator as the caller of every service a command uses.
pub fn operator(house: &House) -> kernel::Ctx {
    kernel::Ctx::operator(house.clock.clone(), house.rng.clone())
}

/// The FHIR id of the patient an operator names by id or identifier.
pub fn patient_id(house: &House, name: &str) -> Result<String, Failed> {
    let (h, ctx, wanted) = (house.clone(), operator(house), name.to_owned());
    let found = house.db.read_blocking(move |tx| {
        let access = consent::Access::open(&ctx)?;
        records::resolve::named_patient(tx, &h, &access, &wanted).map_err(kernel::Problem::from)
    })?;
    found.ok_or_else(|| Failed::Work(format!("There is no Patient with the id or identifier {name}.")))
}

/// Runs a use case of the server in a command.
pub fn block_on<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    Ok(runtime.map_err(|e| format!("The threads cannot be started: {e}"))?.block_on(work))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Healthsync::command().debug_assert();
    }

    #[test]
    fn data_and_database_can_stand_before_and_after_the_command() {
        for arguments in [["healthsync", "--data", "x", "serve"], ["healthsync", "serve", "--data", "x"]] {
            let parsed = Healthsync::try_parse_from(arguments).unwrap();
            assert_eq!(parsed.place.data, Some(PathBuf::from("x")));
        }
    }

    #[test]
    fn an_option_nobody_knows_is_refused() {
        assert!(Healthsync::try_parse_from(["healthsync", "serve", "--lisen", "127.0.0.1:1"]).is_err());
        assert!(Healthsync::try_parse_from(["healthsync"]).is_err());
    }
}
