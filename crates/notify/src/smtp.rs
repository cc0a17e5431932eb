//! Letters to a real mail server, by SMTP over TLS.

use crate::mail::{Mail, MailError, Mailer, Sending};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::fmt;
use std::time::Duration;

/// A mail server that does not answer within this is tried again later.
const WITHIN: Duration = Duration::from_secs(20);

pub struct Smtp {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp")
    }
}

/// How to reach the mail server.
pub struct SmtpSettings<'s> {
    /// `smtps://host` (TLS from the first byte), `smtp://host?tls=required` (STARTTLS), and, to this machine only,
    /// `smtp://127.0.0.1:25` without TLS.
    pub url: &'s str,
    pub from: &'s str,
    pub user: Option<(&'s str, &'s str)>,
}

/// Whether an address would send letters in the clear over a network.
fn in_the_clear(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("smtp://") else { return false };
    if rest.contains("tls=required") {
        return false;
    }
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.rsplit_once(':').filter(|(_, p)| p.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(h, _)| h);
    let host = host.trim_matches(['[', ']']);
    host != "localhost" && !host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Smtp {
    /// Checks the settings; the connection is made when there is something to send.
    pub fn new(settings: &SmtpSettings<'_>) -> Result<Self, String> {
        let from = settings.from.parse().map_err(|_| "expected an address, such as care@example.org".to_owned())?;
        if in_the_clear(settings.url) {
            return Err("this would send letters unencrypted: use smtps://host or smtp://host?tls=required".to_owned());
        }
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.url)
            .map_err(|_| "expected smtps://host or smtp://host?tls=required".to_owned())?
            .timeout(Some(WITHIN));
        if let Some((user, password)) = settings.user {
            builder = builder.credentials(Credentials::new(user.to_owned(), password.to_owned()));
        }
        Ok(Self { from, transport: builder.build() })
    }
}

impl Mailer for Smtp {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a> {
        Box::pin(async move {
            // The address stays out of the message: errors are logged.
            let to = mail.to.parse().map_err(|_| MailError("an address that is none".to_owned()))?;
            let message = Message::builder()
                .from(self.from.clone())
                .to(to)
                .subject(mail.subject.clone())
                .header(ContentType::TEXT_PLAIN)
                .body(mail.text.clone())
                .map_err(|_| MailError("a letter that cannot be written".to_owned()))?;
            match self.transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => {
                    let code = error.status().map_or_else(|| "no answer".to_owned(), |code| code.to_string());
                    Err(MailError(code))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    /// Speaks just enough SMTP (RFC 5321) to take one letter; hands back the commands and the letter.
    async fn take_one(listener: TcpListener) -> String {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 here\r\n").await.unwrap();
        let (mut heard, mut letter) = (String::new(), false);
        while let Some(line) = lines.next_line().await.unwrap() {
            heard.push_str(&line);
            heard.push('\n');
            let answer = match line.split(' ').next().unwrap_or_default() {
                "." if letter => {
                    letter = false;
                    "250 taken\r\n"
                }
                _ if letter => continue,
                "DATA" => {
                    letter = true;
                    "354 go on\r\n"
                }
                "QUIT" => {
                    write.write_all(b"221 bye\r\n").await.unwrap();
                    break;
                }
                _ => "250 ok\r\n",
            };
            write.write_all(answer.as_bytes()).await.unwrap();
            if answer == "250 taken\r\n" {
                break;
            }
        }
        heard
    }

    #[tokio::test]
    async fn a_letter_reaches_a_mail_server_with_its_words() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let heard = tokio::spawn(take_one(listener));
        let smtp = Smtp::new(&SmtpSettings { url: &url, from: "care@clinic.example", user: None }).unwrap();
        let mail = Mail {
            to: "asha@mail.example".to_owned(),
            subject: "HealthSync: your code".to_owned(),
            text: "12345678".to_owned(),
            until: None,
        };
        smtp.send(&mail).await.unwrap();
        let heard = heard.await.unwrap();
        for part in ["MAIL FROM:<care@clinic.example>", "RCPT TO:<asha@mail.example>", "your code", "12345678"] {
            assert!(heard.contains(part), "{part} is missing in:\n{heard}");
        }
    }

    #[tokio::test]
    async fn a_mail_server_that_is_not_there_is_an_error_without_the_address() {
        let url = "smtp://127.0.0.1:1";
        let smtp = Smtp::new(&SmtpSettings { url, from: "care@clinic.example", user: None }).unwrap();
        let mail =
            Mail { to: "asha@mail.example".to_owned(), subject: String::new(), text: String::new(), until: None };
        let said = smtp.send(&mail).await.unwrap_err().to_string();
        assert!(!said.contains("asha"), "{said}");
    }

    #[test]
    fn letters_go_unencrypted_to_this_machine_only() {
        let made = |url| Smtp::new(&SmtpSettings { url, from: "care@clinic.example", user: Some(("a", "b")) });
        for url in
            ["smtps://mail.example", "smtp://mail.example:587?tls=required", "smtp://127.0.0.1:2525", "smtp://[::1]"]
        {
            assert!(made(url).is_ok(), "{url}");
        }
        for url in [
            "smtp://mail.example",
            "smtp://mail.example?tls=opportunistic",
            "http://mail.example",
            "smtp://127.0.0.1.evil.example",
        ] {
            assert!(made(url).is_err(), "{url}");
        }
        assert!(Smtp::new(&SmtpSettings { url: "smtps://mail.example", from: "nobody", user: None }).is_err());
    }
}
