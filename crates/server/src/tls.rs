//! TLS by rustls with ring.

use crate::config::Tls;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// Reads certificate chain and key, both PEM.
pub fn acceptor(tls: &Tls) -> Result<TlsAcceptor, String> {
    let cert = tls.cert.display();
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&tls.cert)
        .and_then(Iterator::collect)
        .map_err(|e| format!("server.tls_cert: {cert}: {e}"))?;
    if chain.is_empty() {
        return Err(format!("server.tls_cert: {cert} holds no certificate"));
    }
    let key =
        PrivateKeyDer::from_pem_file(&tls.key).map_err(|e| format!("server.tls_key: {}: {e}", tls.key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|e| format!("server.tls_cert and server.tls_key: {e}"))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
