//! A clinician hands in papers, and two administrators look at them.

use super::*;
use crate::verification::model::{Details, State, Verification};
use crate::verification::{join, service};
use kernel::Pass;

const PDF: &[u8] = b"%PDF-1.7 licence of a doctor";

fn details() -> Details {
    Details {
        registration_number: "7654321".to_owned(),
        register: "General Medical Council".to_owned(),
        profession: "Cardiologist".to_owned(),
        workplace: None,
    }
}

fn entrance() -> crate::Entrance {
    crate::Entrance::new(SessionKind::Token, crate::Method::Password, "test", HERE)
}

/// Two administrators and a clinician who has registered.
struct Scene {
    house: House,
    first: Ctx,
    second: Ctx,
    token: String,
    account: i64,
}

async fn scene(place: &Place) -> Scene {
    let house = place.house();
    let mut admins = Vec::new();
    for name in ["admin1", "admin2"] {
        let account = Id::new(add(&house, Role::Administrator, name).await.id);
        let pass = Pass { fresh: Some(house.clock.now()), ..Pass::default() };
        admins.push(Ctx { actor: Actor::Administrator { account }, name: Arc::from(name), pass, ..operator(&house) });
    }
    let form = join::ClinicianRegistration {
        email: "kim@example.org".to_owned(),
        password: PASSWORD.to_owned(),
        name: "Dr Kim Lee".to_owned(),
        session: SessionKind::Token,
    };
    let signed_in = join::register(&house, &nobody(&house), form, entrance()).await.unwrap();
    let (second, first) = (admins.pop().unwrap(), admins.pop().unwrap());
    Scene { house, first, second, token: signed_in.session.token, account: signed_in.account.id }
}

impl Scene {
    async fn clinician(&self) -> Ctx {
        call(&self.house, &bearer(&self.token)).await.unwrap()
    }

    async fn write<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        act: impl FnOnce(&mut Tx<'_>, &House, &Ctx) -> Result<T, IdentityError> + Send + 'static,
    ) -> Result<T, Problem> {
        let (house, ctx) = (self.house.clone(), ctx.clone());
        Ok(self.house.db.write(move |tx| act(tx, &house, &ctx)).await?)
    }

    /// Says who they are, adds a paper, and hands in.
    async fn hand_in(&self) -> Verification {
        let ctx = self.clinician().await;
        self.write(&ctx, |tx, house, ctx| service::describe(tx, house, ctx, details())).await.unwrap();
        self.write(&ctx, |tx, house, ctx| service::add_paper(tx, house, ctx, "licence.pdf", PDF.to_vec()))
            .await
            .unwrap();
        self.write(&ctx, service::submit).await.unwrap()
    }

    async fn approve(&self, by: &Ctx, version: i64) -> Result<Verification, Problem> {
        let account = self.account;
        self.write(by, move |tx, house, ctx| {
            service::approve(tx, house, ctx, (account, version), |_, _, admitted| {
                assert_eq!((admitted.name.as_str(), &admitted.details), ("Dr Kim Lee", &details()));
                Ok(Link::new(Id::new(900), "practitioner-900"))
            })
        })
        .await
    }
}

#[tokio::test]
async fn two_different_administrators_make_a_clinician_at_once_and_in_every_open_session() {
    on_each_engine(async |place| {
        let scene = scene(&place).await;
        assert_eq!(scene.clinician().await.actor, Actor::Applicant { account: Id::new(scene.account) });
        let waiting = scene.hand_in().await;
        assert_eq!((waiting.state, waiting.documents.len()), (State::Waiting, 1));
        let once = scene.approve(&scene.first, waiting.version).await.unwrap();
        assert_eq!((once.state, once.checks[0].mine), (State::Checked, true));
        assert_eq!(scene.approve(&scene.first, once.version).await.unwrap_err().kind, "same-person");
        assert_eq!(scene.clinician().await.actor, Actor::Applicant { account: Id::new(scene.account) });
        let stale = Ctx { pass: Pass::default(), ..scene.second.clone() };
        assert_eq!(scene.approve(&stale, once.version).await.unwrap_err().kind, "step-up");
        // They had it open before the first one found it good.
        let twice = scene.approve(&scene.second, waiting.version).await.unwrap();
        assert_eq!(twice.state, State::Verified);
        // The session that was open all the time is a practitioner's from its next request on.
        let actor = scene.clinician().await.actor;
        assert!(matches!(actor, Actor::Practitioner { practitioner, .. } if practitioner == Id::new(900)), "{actor:?}");
        let ctx = scene.clinician().await;
        let late = scene.write(&ctx, |tx, house, ctx| service::describe(tx, house, ctx, details())).await;
        assert_eq!(late.unwrap_err().status, 409);
    })
    .await;
}

#[tokio::test]
async fn what_changes_after_it_was_looked_at_is_looked_at_again_by_both() {
    on_each_engine(async |place| {
        let scene = scene(&place).await;
        let waiting = scene.hand_in().await;
        let once = scene.approve(&scene.first, waiting.version).await.unwrap();
        let ctx = scene.clinician().await;
        let png = b"\x89PNG\r\n\x1A\n another paper".to_vec();
        let drawn = scene.write(&ctx, |tx, house, ctx| service::add_paper(tx, house, ctx, "b.png", png)).await.unwrap();
        assert_eq!((drawn.state, drawn.checks.len()), (State::Draft, 0));
        // Neither the version that was looked at nor the draft itself can be found good.
        assert_eq!(scene.approve(&scene.second, once.version).await.unwrap_err().kind, "changed");
        assert_eq!(scene.approve(&scene.second, drawn.version).await.unwrap_err().status, 409);
        let again = scene.write(&ctx, service::submit).await.unwrap();
        let checked = scene.approve(&scene.second, again.version).await.unwrap();
        assert_eq!(checked.state, State::Checked, "the second administrator's check is the first of the new papers");
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_back_says_why_and_waits_for_nobody() {
    on_each_engine(async |place| {
        let scene = scene(&place).await;
        let waiting = scene.hand_in().await;
        let (account, version) = (scene.account, waiting.version);
        let back = move |reason: &'static str| {
            move |tx: &mut Tx<'_>, house: &House, ctx: &Ctx| {
                service::send_back(tx, house, ctx, (account, version), reason)
            }
        };
        assert_eq!(scene.write(&scene.first, back(" ")).await.unwrap_err().issues[0].path, "reason");
        let returned = scene.write(&scene.first, back("The licence ended in May.")).await.unwrap();
        assert_eq!(returned.state, State::Returned);
        assert_eq!(scene.approve(&scene.second, returned.version).await.unwrap_err().status, 409);
        let ctx = scene.clinician().await;
        let own = scene.write(&ctx, service::own).await.unwrap();
        assert_eq!(own.returned.unwrap().reason, "The licence ended in May.");
        let again = scene.write(&ctx, service::submit).await.unwrap();
        assert_eq!((again.state, again.returned), (State::Waiting, None));
    })
    .await;
}

#[tokio::test]
async fn a_paper_comes_back_as_it_was_and_only_to_its_owner_and_to_administrators() {
    on_each_engine(async |place| {
        let scene = scene(&place).await;
        let paper = scene.hand_in().await.documents[0].clone();
        assert_eq!((paper.name.as_str(), paper.media_type.as_str()), ("licence.pdf", "application/pdf"));
        let (ctx, id, account) = (scene.clinician().await, paper.id, scene.account);
        let mine = scene.write(&ctx, move |tx, house, ctx| service::own_paper(tx, house, ctx, id)).await.unwrap();
        assert_eq!((mine.body.as_slice(), mine.media_type), (PDF, "application/pdf"));
        let seen = scene.write(&scene.first, move |tx, house, ctx| service::paper(tx, house, ctx, account, id)).await;
        assert_eq!(seen.unwrap().body, PDF);
        let doctor = add(&scene.house, Role::Practitioner, "doctor1").await;
        let other = Ctx { actor: Actor::Applicant { account: Id::new(doctor.id) }, ..operator(&scene.house) };
        let stolen = scene.write(&other, move |tx, house, ctx| service::own_paper(tx, house, ctx, id)).await;
        assert_eq!(stolen.err().unwrap().status, 404);
        let read = scene.write(&ctx, move |tx, house, ctx| service::paper(tx, house, ctx, account, id)).await;
        assert_eq!(read.err().unwrap().status, 403);
        for (name, body) in [("a.pdf", b"<html>".to_vec()), ("a.exe", b"MZ".to_vec())] {
            let ctx = scene.clinician().await;
            let added = scene.write(&ctx, move |tx, house, ctx| service::add_paper(tx, house, ctx, name, body)).await;
            assert_eq!(added.err().unwrap().status, 415);
        }
    })
    .await;
}

fn secret_of(invited: &join::Invited) -> String {
    invited.link.as_deref().unwrap().strip_prefix("/invitation#").unwrap().to_owned()
}

#[tokio::test]
async fn an_invitation_opens_the_account_once_and_not_after_a_week() {
    on_each_engine(async |place| {
        let scene = scene(&place).await;
        let invite = async |email: &str| {
            let who = ("Dr Ada Moss".to_owned(), email.to_owned());
            join::invite(&scene.house, &scene.first, who, vec![clinic(800, "Riverside")]).await
        };
        let invited = invite("ada@example.org").await.unwrap();
        let secret = secret_of(&invited);
        assert!(sign_in(&scene.house, "ada@example.org", "").await.is_err());
        let accept = async |secret: &str, password: &str| {
            let form = join::Acceptance {
                token: secret.to_owned(),
                password: password.to_owned(),
                session: SessionKind::Token,
            };
            join::accept(&scene.house, &nobody(&scene.house), form, entrance()).await.map_err(Problem::from)
        };
        assert_eq!(accept("guessed", PASSWORD).await.err().unwrap().kind, "invitation");
        assert_eq!(accept(&secret, "short").await.err().unwrap().status, 422);
        let signed_in = accept(&secret, PASSWORD).await.unwrap();
        let ctx = call(&scene.house, &bearer(&signed_in.session.token)).await.unwrap();
        assert_eq!(ctx.actor, Actor::Applicant { account: Id::new(invited.account.id) });
        assert_eq!(accept(&secret, PASSWORD).await.err().unwrap().kind, "invitation");
        sign_in(&scene.house, "ada@example.org", PASSWORD).await.unwrap();

        assert!(matches!(invite("ada@example.org").await, Err(IdentityError::Taken)));
        let late = secret_of(&invite("late@example.org").await.unwrap());
        place.wait_minutes(7 * 24 * 60);
        assert_eq!(accept(&late, PASSWORD).await.err().unwrap().kind, "invitation");
        let by_doctor = (String::from("X"), String::from("x@example.org"));
        let refused = join::invite(&scene.house, &ctx, by_doctor, Vec::new()).await;
        assert_eq!(Problem::from(refused.err().unwrap()).status, 403);
    })
    .await;
}

#[tokio::test]
async fn an_unverified_clinician_works_nowhere_until_the_second_check() {
    on_each_engine(async |place| {
        let scene = scene(&place).await;
        let account = Id::new(scene.account);
        let join = move |tx: &mut Tx<'_>, house: &House, ctx: &Ctx| {
            crate::add_member(tx, house, ctx, account, clinic(800, "Riverside"))
        };
        assert_eq!(scene.write(&scene.first, join).await.err().unwrap().status, 409);
        let waiting = scene.hand_in().await;
        let once = scene.approve(&scene.first, waiting.version).await.unwrap();
        scene.approve(&scene.second, once.version).await.unwrap();
        let join = move |tx: &mut Tx<'_>, house: &House, ctx: &Ctx| {
            crate::add_member(tx, house, ctx, account, clinic(800, "Riverside"))
        };
        assert_eq!(scene.write(&scene.first, join).await.unwrap().organizations.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_clinician_has_eight_papers_at_most() {
    on_each_engine(async |place| {
        let scene = scene(&place).await;
        let ctx = scene.clinician().await;
        let add = async || {
            let paper = |tx: &mut Tx<'_>, house: &House, ctx: &Ctx| {
                service::add_paper(tx, house, ctx, "licence.pdf", PDF.to_vec())
            };
            scene.write(&ctx, paper).await.map(|own| own.documents.len()).map_err(|problem| problem.status)
        };
        for n in 1..=8 {
            assert_eq!(add().await, Ok(n));
        }
        assert_eq!(add().await, Err(409));
    })
    .await;
}

#[tokio::test]
async fn whoever_is_no_administrator_any_more_finishes_nothing_that_they_began() {
    on_each_engine(async |place| {
        let scene = scene(&place).await;
        let which = (scene.account, scene.hand_in().await.version);
        type Act = fn(&mut Tx<'_>, &House, &Ctx, (i64, i64)) -> Result<(), IdentityError>;
        let acts: [(&str, Act); 5] = [
            ("lock", |tx, house, ctx, (whom, _)| crate::service::lock(tx, house, ctx, Id::new(whom)).map(drop)),
            ("unlock", |tx, house, ctx, (whom, _)| crate::service::unlock(tx, house, ctx, Id::new(whom)).map(drop)),
            ("role", |tx, house, ctx, (whom, _)| {
                crate::role::change_role(tx, house, ctx, Id::new(whom), Role::Administrator).map(drop)
            }),
            ("send back", |tx, house, ctx, which| {
                service::send_back(tx, house, ctx, which, "The licence is unreadable.").map(drop)
            }),
            ("approve", |tx, house, ctx, which| {
                let practitioner = Link::new(Id::new(900), "practitioner-900");
                service::approve(tx, house, ctx, which, |_, _, _| Ok(practitioner)).map(drop)
            }),
        ];
        let (operator, first) = (operator(&scene.house), scene.first.actor.account().unwrap());
        for what in ["locked", "a practitioner"] {
            let end = move |tx: &mut Tx<'_>, house: &House, ctx: &Ctx| match what {
                "locked" => crate::service::lock(tx, house, ctx, first),
                _ => {
                    crate::service::unlock(tx, house, ctx, first)?;
                    crate::role::change_role(tx, house, ctx, first, Role::Practitioner)
                }
            };
            scene.write(&operator, end).await.unwrap();
            for (act, run) in acts {
                let late = scene.write(&scene.first, move |tx, house, ctx| run(tx, house, ctx, which)).await;
                assert_eq!(late.unwrap_err().kind, "login", "{act}, {what}");
            }
        }
        assert_eq!(scene.approve(&scene.second, which.1).await.unwrap().state, State::Checked);
    })
    .await;
}
