//! An answer that is made piece by piece while it leaves. Before each piece it is asked whether the session still stands; what
//! was ended meanwhile breaks the answer off, without the mark of its end, so that nobody takes the half for the whole.

use axum::body::Body;
use futures_util::stream;
use identity::Standing;
use kernel::Problem;
use std::io::Error;

/// `next` gives a piece and what is left, or nothing after the last. It is asked only when the reader wants more.
pub fn body<S, N, F>(standing: Standing, source: S, next: N) -> Body
where
    S: Send + 'static,
    N: Fn(S) -> F + Copy + Send + 'static,
    F: Future<Output = Result<Option<(Vec<u8>, S)>, Problem>> + Send,
{
    let pieces = stream::try_unfold(source, move |source| {
        let standing = standing.clone();
        async move {
            if !standing.holds().await {
                tracing::info!("an answer was broken off: its session is over");
                return Err(Error::other("the session is over"));
            }
            next(source).await.map_err(|problem| {
                tracing::info!(kind = problem.kind, "an answer was broken off");
                Error::other("what is being read is open to the caller no longer")
            })
        }
    });
    Body::from_stream(pieces)
}
