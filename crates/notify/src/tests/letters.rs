//! Letters: that they leave, when, and that what waits is nobody's to read.

use super::on_each_engine;
use db::DbError;
use ledger::House;
use std::sync::Arc;
use vault::VaultError;

fn letter(until: Option<kernel::Timestamp>) -> crate::Mail {
    crate::Mail { to: "asha@mail.example".into(), subject: "News".into(), text: "Words for Asha".into(), until }
}

async fn waiting(house: &House) -> Vec<Vec<u8>> {
    let all =
        house.db.read(|tx| tx.query("SELECT payload FROM job", &[], |row| Ok::<_, DbError>(row.blob(0)?.to_vec())));
    all.await.unwrap()
}

#[tokio::test]
async fn a_letter_to_a_patient_that_still_waits_ends_with_their_record() {
    on_each_engine(async |house| {
        let registry = crate::jobs(jobs::Registry::new());
        let outbox = crate::Outbox::new(Arc::clone(&house.clock));
        crate::mail_by(&house, outbox.clone());
        let post = async |owner: i64| {
            let inside = house.clone();
            house.db.write(move |tx| crate::post_to(tx, &inside, owner, &letter(None))).await.unwrap();
        };
        post(5).await;
        assert_eq!(jobs::run_due(&house, &registry).await.unwrap(), 1);
        assert_eq!(outbox.mails().len(), 1);
        post(5).await;
        // The key that seals what belongs to nobody in particular does not open it.
        let (vault, payload) = (Arc::clone(&house.vault), waiting(&house).await.remove(0));
        let opened = house.db.read(move |tx| {
            let directory = vault.key(tx, vault::DIRECTORY)?;
            let own = vault.key(tx, 5)?;
            let place = |owner| vault::Aad::new("mail", owner, 0, 0);
            let try_all =
                |key: &vault::DataKey| [0, 5, vault::DIRECTORY].map(|o| key.open(&place(o), &payload[8..]).is_ok());
            Ok::<_, VaultError>((try_all(&directory), try_all(&own)))
        });
        let (by_directory, by_own) = opened.await.unwrap();
        assert!(!by_directory.contains(&true) && by_own.contains(&true), "{by_directory:?} {by_own:?}");
        let vault = Arc::clone(&house.vault);
        house.db.write(move |tx| vault.erase(tx, 5)).await.unwrap();
        assert_eq!(jobs::run_due(&house, &registry).await.unwrap(), 1, "it is over, and not tried again");
        assert_eq!((outbox.mails().len(), waiting(&house).await.len()), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn a_letter_leaves_once_what_caused_it_is_kept_and_lies_sealed_until_then() {
    on_each_engine(async |house| {
        let registry = crate::jobs(jobs::Registry::new());
        let write = async |mail: crate::Mail, keep: bool| {
            let inside = house.clone();
            let done = house.db.write(move |tx| {
                crate::post(tx, &inside, &mail)?;
                if keep { Ok(()) } else { Err(VaultError::NoKey) }
            });
            assert_eq!(done.await.is_ok(), keep);
        };
        // A server that sends nothing keeps nothing.
        write(letter(None), true).await;
        assert_eq!(jobs::run_due(&house, &registry).await.unwrap(), 0);

        let outbox = crate::Outbox::new(Arc::clone(&house.clock));
        crate::mail_by(&house, outbox.clone());
        write(letter(None), false).await;
        write(letter(None), true).await;
        let late = letter(Some(house.clock.now()));
        write(late, true).await;
        write(crate::Mail { to: String::new(), ..letter(None) }, true).await;
        let waiting = waiting(&house).await;
        assert_eq!(waiting.len(), 3);
        for payload in &waiting {
            let text = String::from_utf8_lossy(payload);
            assert!(!text.contains("asha") && !text.contains("Words"), "{text}");
        }
        assert_eq!(jobs::run_due(&house, &registry).await.unwrap(), 3);
        let sent: Vec<crate::Mail> = outbox.mails().into_iter().map(|sent| sent.mail).collect();
        assert_eq!(sent, [letter(None)], "neither what was taken back, nor what is late, nor what is for nobody");
    })
    .await;
}
