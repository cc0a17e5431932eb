//! Asking others on the network: how many at once, for how long, and how much of an answer.

use super::Place;
use crate::outgoing::fetch::json_within;
use crate::outgoing::{Origin, Settings, configure, json};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Whether a request waits after its first step.
async fn waits(work: &mut Pin<Box<impl Future>>) -> bool {
    poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx).is_pending())).await
}

/// An address at which connections are taken and nothing is said.
fn silent() -> (std::net::TcpListener, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn strangers_make_this_server_wait_for_thirty_two_answers_and_the_operator_is_not_kept_out() {
    let house = Place::new(None).house();
    configure(&house, Settings { private: Some(Arc::new(|_| true)), ..Settings::default() });
    let (_listener, url) = silent();
    let ask = |origin| Box::pin(json(&house, &url, origin, None));
    let mut asked: Vec<_> = (0..32).map(|_| ask(Origin::Stranger)).collect();
    for one in &mut asked {
        assert!(waits(one).await);
    }
    let one_more = tokio::time::timeout(Duration::from_secs(5), ask(Origin::Stranger)).await;
    assert_eq!(one_more, Ok(Err("too many are asked already".to_owned())));
    assert!(waits(&mut ask(Origin::Operator)).await);
    asked.pop();
    assert!(waits(&mut ask(Origin::Stranger)).await, "there is room for one again");
}

#[tokio::test]
async fn whoever_never_answers_is_waited_for_no_longer_than_there_is_time() {
    let house = Place::new(None).house();
    let (_listener, url) = silent();
    let asked = json_within(Duration::ZERO, &house, &url, Origin::Operator, None);
    let said = tokio::time::timeout(Duration::from_secs(5), asked).await;
    assert_eq!(said, Ok(Err("no answer in time".to_owned())));
}

/// The answer to one request: a text of JSON that is so long, with or without its length before it.
async fn answer(bytes: usize, says_length: bool) -> Result<usize, String> {
    let house = Place::new(None).house();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = vec![0; 4096];
        let _ = stream.read(&mut head).await.unwrap();
        let length = if says_length { format!("content-length: {bytes}\r\n") } else { String::new() };
        let body = format!("\"{}\"", "a".repeat(bytes - 2));
        // Whoever had enough hangs up.
        let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\n{length}\r\n{body}").as_bytes()).await;
    };
    let (said, ()) = tokio::join!(json(&house, &url, Origin::Operator, None), server);
    said.map(|json| json.as_str().unwrap().len())
}

#[tokio::test]
async fn an_answer_is_taken_up_to_256_kib() {
    let most = 256 << 10;
    for says_length in [true, false] {
        assert_eq!(answer(most, says_length).await, Ok(most - 2));
        let long = answer(most + 1, says_length).await;
        assert_eq!(long, Err("the answer is too long or broke off".to_owned()), "{says_length}");
    }
}
