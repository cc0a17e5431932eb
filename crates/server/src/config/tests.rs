use super::*;

fn given() -> Given {
    Given { data: PathBuf::from("/nowhere"), ..Given::default() }
}

fn with(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    load(&given(), variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn error(variables: &[(&str, &str)]) -> String {
    with(variables).unwrap_err().to_string()
}

#[test]
fn without_any_setting_it_listens_on_this_machine_only_and_keeps_everything_in_the_data_folder() {
    let config = with(&[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database_url, "/nowhere/healthsync.db");
    assert!(matches!(config.master_key, vault::KeySource::File(path) if path == Path::new("/nowhere/master.key")));
}

#[test]
fn the_command_line_wins_over_the_environment_and_the_environment_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("healthsync.toml"),
        "[server]\nlisten = \"127.0.0.1:1\"\n[limits]\nbody_bytes = 5\nconnections = 7\n[log]\nlevel = \"warn\"\n",
    )
    .unwrap();
    let given = Given { data: folder.path().to_owned(), listen: "127.0.0.1:3".parse().ok(), ..Given::default() };
    let environment = [("HEALTHSYNC__LIMITS__BODY_BYTES", "6"), ("HEALTHSYNC__SERVER__LISTEN", "127.0.0.1:2")];
    let config = load(&given, environment.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned()))).unwrap();
    assert_eq!(config.listen.port(), 3);
    assert_eq!(config.limits.body_bytes, 6);
    assert_eq!(config.limits.connections, 7);
    assert_eq!(config.log.level, "warn");
}

#[test]
fn what_nobody_knows_is_an_error_that_names_it() {
    assert!(error(&[("HEALTHSYNC__SERVER__LISTN", "127.0.0.1:1")]).contains("HEALTHSYNC__SERVER__LISTN"));
    assert!(error(&[("HEALTHSYNC__SEVER__LISTEN", "127.0.0.1:1")]).contains("unknown field `sever`"));
    assert!(error(&[("HEALTHSYNC__LISTEN", "127.0.0.1:1")]).contains("expected HEALTHSYNC__SECTION__KEY"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("healthsync.toml"), "[server]\nlissen = 1\n").unwrap();
    let given = Given { data: folder.path().to_owned(), ..Given::default() };
    let said = load(&given, std::iter::empty()).unwrap_err().to_string();
    assert!(said.contains("healthsync.toml") && said.contains("lissen"), "{said}");
}

#[test]
fn a_value_that_cannot_be_read_is_named_but_not_repeated() {
    let said = error(&[("HEALTHSYNC__LIMITS__BODY_BYTES", "plenty")]);
    assert!(said.contains("HEALTHSYNC__LIMITS__BODY_BYTES") && !said.contains("plenty"), "{said}");
    assert!(said.contains("expected a whole number"), "{said}");
    let said = error(&[("HEALTHSYNC__VAULT__MASTER_KEY", "abcdef")]);
    assert!(said.contains("vault.master_key") && !said.contains("abcdef"), "{said}");
}

#[test]
fn it_refuses_to_be_read_along_on_the_network() {
    assert!(error(&[("HEALTHSYNC__SERVER__LISTEN", "0.0.0.0:80")]).contains("server.tls_cert"));
    let allowed =
        [("HEALTHSYNC__SERVER__LISTEN", "0.0.0.0:80"), ("HEALTHSYNC__SERVER__ALLOW_PLAIN_HTTP_ON_NETWORK", "true")];
    assert!(with(&allowed).is_ok());
}

#[test]
fn every_finding_is_told_at_once() {
    let said = error(&[
        ("HEALTHSYNC__SERVER__TLS_CERT", "/nowhere/cert.pem"),
        ("HEALTHSYNC__SERVER__PUBLIC_URL", "health.example.org"),
        ("HEALTHSYNC__LIMITS__CONNECTIONS", "0"),
    ]);
    for part in ["server.tls_key", "server.public_url", "limits.connections"] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn what_is_listed_hides_every_secret_and_can_be_read_as_settings_again() {
    let key = "ab".repeat(32);
    let url = "postgres://health:s3cret@db.example/health?password=s3cret&sslmode=disable";
    let config = with(&[("HEALTHSYNC__VAULT__MASTER_KEY", &key), ("HEALTHSYNC__DATABASE__URL", url)]).unwrap();
    let text = listed(&config);
    assert!(!text.contains("s3cret") && !text.contains(&key), "{text}");
    assert!(text.contains("postgres://health:(hidden)@db.example/health?password=(hidden)&sslmode=disable"), "{text}");
    assert!(file::parse(&text, "listed").is_ok());
}

#[test]
fn files_lie_in_a_bucket_when_everything_that_it_asks_for_is_said() {
    let url = ("HEALTHSYNC__BLOBS__URL", "s3://records/of/here");
    let keys = [("HEALTHSYNC__BLOBS__ACCESS_KEY", "AKIAHERE"), ("HEALTHSYNC__BLOBS__SECRET_KEY", "s3cret")];
    let Place::Bucket(objects) = with(&[url, keys[0], keys[1]]).unwrap().documents.place else { panic!("a folder") };
    assert_eq!((objects.bucket.as_str(), objects.prefix.as_str()), ("records", "of/here/"));
    assert_eq!((objects.endpoint.as_str(), objects.path_style), ("https://s3.us-east-1.amazonaws.com", false));
    let own = [url, keys[0], keys[1], ("HEALTHSYNC__BLOBS__ENDPOINT", "http://127.0.0.1:9000")];
    let config = with(&own).unwrap();
    let text = listed(&config);
    assert!(text.contains("path_style = true") && text.contains("s3://records/of/here/"), "{text}");
    assert!(!text.contains("s3cret") && !format!("{config:?}").contains("s3cret"), "{text}");
    assert!(file::parse(&text, "listed").is_ok());

    let said = error(&[url]);
    assert!(said.contains("blobs.access_key") && said.contains("blobs.secret_key"), "{said}");
    for (setting, value, word) in [
        ("HEALTHSYNC__BLOBS__ENDPOINT", "http://objects.example", "blobs.endpoint"),
        ("HEALTHSYNC__BLOBS__ENDPOINT", "objects", "blobs.endpoint"),
        ("HEALTHSYNC__BLOBS__URL", "s3://", "blobs.url"),
        ("HEALTHSYNC__BLOBS__URL", "s3://records/../others", "blobs.url"),
        ("HEALTHSYNC__BLOBS__SECRET_KEY_FILE", "/nowhere/key", "blobs.secret_key_file"),
    ] {
        let said = error(&[url, keys[0], keys[1], (setting, value)]);
        assert!(said.contains(word) && !said.contains("s3cret"), "{value}: {said}");
    }
    let said = error(&[("HEALTHSYNC__BLOBS__REGION", "eu-central-1")]);
    assert!(said.contains("blobs.url"), "{said}");
}

#[test]
fn a_secret_can_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    std::fs::write(&path, "postgres://somewhere/health\n").unwrap();
    let config = with(&[("HEALTHSYNC__DATABASE__URL_FILE", path.to_str().unwrap())]).unwrap();
    assert_eq!(config.database_url, "postgres://somewhere/health");
    assert!(error(&[("HEALTHSYNC__DATABASE__URL_FILE", "/nowhere/url")]).contains("database.url_file"));
}

#[test]
fn the_public_host_is_what_stands_between_the_slashes() {
    for (url, host) in [
        ("https://health.example.org", Some("health.example.org")),
        ("http://localhost:8080/", Some("localhost")),
        ("https://", None),
        ("health.example.org", None),
    ] {
        assert_eq!(host_of(url), host, "{url}");
    }
}

#[test]
fn proxies_are_listed_in_the_file_or_with_commas_in_the_environment() {
    let config = with(&[("HEALTHSYNC__SERVER__TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")]).unwrap();
    assert!(listed(&config).contains(r#"trusted_proxies = ["127.0.0.1/32", "10.0.0.0/8"]"#), "{}", listed(&config));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("healthsync.toml"), "[server]\ntrusted_proxies = [\"10.0.0.0/8\"]\n").unwrap();
    let given = Given { data: folder.path().to_owned(), ..Given::default() };
    assert_eq!(load(&given, std::iter::empty()).unwrap().trusted_proxies.len(), 1);
    assert!(error(&[("HEALTHSYNC__SERVER__TRUSTED_PROXIES", "the proxy")]).contains("server.trusted_proxies"));
}

#[test]
fn letters_need_a_server_and_a_sender_and_never_go_out_in_the_clear() {
    assert!(with(&[]).unwrap().mail.is_none());
    let (url, from) = ("HEALTHSYNC__MAIL__URL", "HEALTHSYNC__MAIL__FROM");
    let (user, password) = ("HEALTHSYNC__MAIL__USER", "HEALTHSYNC__MAIL__PASSWORD");
    let all = [(url, "smtps://mail.example"), (from, "care@example.org"), (user, "care"), (password, "s3cret")];
    let config = with(&all).unwrap();
    let shown = listed(&config);
    assert!(shown.contains("smtps://mail.example") && shown.contains("care@example.org"), "{shown}");
    assert!(!shown.contains("s3cret") && !format!("{config:?}").contains("s3cret"), "{shown}");
    assert!(error(&all[..1]).contains("mail.from"));
    assert!(error(&all[..3]).contains("mail.password"));
    assert!(error(&[(url, "smtp://mail.example"), (from, "care@example.org")]).contains("unencrypted"));
    assert!(error(&[(url, "smtps://mail.example"), (from, "nobody")]).contains("mail.from"));
}

#[test]
fn a_list_of_passwords_that_is_not_there_is_told() {
    let said = error(&[("HEALTHSYNC__PASSWORDS__COMMON_FILE", "/nowhere/list.txt")]);
    assert!(said.contains("passwords.common_file"), "{said}");
}

#[test]
fn a_list_of_domains_in_brackets_is_refused_and_one_with_commas_is_a_list() {
    let name = |key: &str| format!("HEALTHSYNC__SIGN_IN__ELSEWHERE__{key}");
    let with_domains = |domains: &str| {
        let all = [
            (name("NAME"), "Elsewhere"),
            (name("ISSUER"), "https://login.example.org"),
            (name("CLIENT_ID"), "healthsync"),
            (name("EMAIL_DOMAINS"), domains),
        ];
        load(&given(), all.into_iter().map(|(name, value)| (name, value.to_owned())))
    };
    let config = with_domains("st-elsewhere.example,münchen.example").unwrap();
    assert_eq!(config.sign_in[0].domains, ["st-elsewhere.example", "münchen.example"]);
    for wrong in [r#"["st-elsewhere.example"]"#, "*.example.org", "a b.example", "kim@example.org", "example"] {
        let said = with_domains(wrong).unwrap_err().to_string();
        assert!(said.contains("email_domains"), "{wrong}: {said}");
    }
}
