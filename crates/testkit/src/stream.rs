//! A body that arrives piece by piece, its length unknown beforehand.

use bytes::Bytes;
use http_body::{Body, Frame};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, DuplexStream, ReadBuf};

/// What comes out of a pipe, as a request's body.
pub struct ReadBody(DuplexStream);

impl ReadBody {
    pub const fn new(from: DuplexStream) -> Self {
        Self(from)
    }
}

impl Body for ReadBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let mut space = [0; 64];
        let mut buffer = ReadBuf::new(&mut space);
        ready!(Pin::new(&mut self.0).poll_read(context, &mut buffer))?;
        let piece = Bytes::copy_from_slice(buffer.filled());
        Poll::Ready(if piece.is_empty() { None } else { Some(Ok(Frame::data(piece))) })
    }
}
