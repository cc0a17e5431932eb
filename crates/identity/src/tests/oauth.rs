//! What of apps is easier to reach from inside.

use super::Place;
use crate::oauth::refused::{Back, close, open};
use crate::oauth::{AppKind, Client, Refusal, Registered, Registration, Standing};
use kernel::Problem;

#[tokio::test]
async fn a_refusal_that_is_longer_than_any_address_is_not_even_opened() {
    let house = Place::new(None).house();
    let said = Registration {
        name: "Heart diary".to_owned(),
        kind: AppKind::Public,
        registered: Registered::Dynamic,
        uri: None,
        redirect_uris: Vec::new(),
        launch_uri: None,
        keys: Vec::new(),
        jwks_uri: None,
        scope: None,
        organization: None,
        bound: false,
    };
    let client = Client {
        id: 1,
        ident: "diary".to_owned(),
        state: Standing::Active,
        account: None,
        registrant: None,
        created: house.clock.now(),
        said,
    };
    let opened = async |letters: usize| {
        let client = Box::new(client.clone());
        let back = Back { address: "x".repeat(letters), client, refusal: Refusal::request("No.") };
        open(&house, &close(&house, &back).await.unwrap()).await.map_err(|error| Problem::from(error).status)
    };
    assert_eq!(opened(11_000).await.unwrap().address.len(), 11_000);
    assert_eq!(opened(13_000).await.unwrap_err(), 404);
}
