//! The inspection of received bytes: the judge's verdict, and whether another prompt got the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::request::Displaced;
use crate::fault::lock;
use crate::memory::MemoryAccount;
use crate::provider::{Failure, ProviderName};

/// Judges received bytes: the picture, or the failure (class `Unusable`) that they are. It may be
/// slow, and it may panic on hostile bytes; it runs apart.
pub trait Judge<P>: Fn(Bytes) -> Result<P, Failure> + Send + Sync + 'static {}

impl<P, F: Fn(Bytes) -> Result<P, Failure> + Send + Sync + 'static> Judge<P> for F {}

/// Judges every picture of a run.
pub(super) struct Inspector<P> {
    judge: Arc<dyn Judge<P>>,
    received: Mutex<HashMap<[u8; 32], Received>>,
    displaced: Mutex<Vec<Displaced>>,
}

/// Who got these bytes first.
struct Received {
    post: usize,
    subject: String,
    provider: ProviderName,
    told: bool,
}

impl<P: Send + 'static> Inspector<P> {
    pub(super) fn new(judge: impl Judge<P>) -> Self {
        Self { judge: Arc::new(judge), received: Mutex::default(), displaced: Mutex::default() }
    }

    /// The picture in the bytes that `provider` sent for this post and subject.
    pub(super) async fn inspect(
        &self,
        bytes: Bytes,
        provider: &ProviderName,
        post: usize,
        subject: &str,
    ) -> Result<P, Failure> {
        let judge = self.judge.clone();
        let account = MemoryAccount::current();
        let judged = tokio::task::spawn_blocking(move || {
            let digest: [u8; 32] = Sha256::digest(&bytes).into();
            account.scope_blocking(|| judge(bytes)).map(|picture| (digest, picture))
        });
        let (digest, picture) = judged
            .await
            .map_err(|_| Failure::unusable("the picture cannot be decoded: the decoder gave up"))??;
        self.unseen(digest, provider, post, subject)?;
        Ok(picture)
    }

    /// Deliveries that turned out to be the same bytes as another post's, each told once.
    pub(super) fn displaced(&self) -> Vec<Displaced> {
        std::mem::take(&mut *lock(&self.displaced))
    }

    /// Refuses bytes that another prompt got as well: a placeholder, whatever it shows.
    fn unseen(
        &self,
        digest: [u8; 32],
        provider: &ProviderName,
        post: usize,
        subject: &str,
    ) -> Result<(), Failure> {
        let mut received = lock(&self.received);
        let known = received.entry(digest).or_insert_with(|| Received {
            post,
            subject: subject.to_owned(),
            provider: provider.clone(),
            told: false,
        });
        // Once told, they are a placeholder for whoever gets them, the first post included.
        if !known.told && (known.post == post || known.subject == subject) {
            return Ok(());
        }
        if !std::mem::replace(&mut known.told, true) {
            let displaced = Displaced { post: known.post, provider: known.provider.clone() };
            lock(&self.displaced).push(displaced);
        }
        Err(Failure::unusable("the same picture as for another post: a placeholder"))
    }
}
