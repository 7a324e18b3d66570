//! Pictures become blobs while the next ones are still being made, so that little is left to do after
//! the last one. Bytes are read from the workspace when their turn comes: memory does not grow.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::StagedPicture;
use crate::disk;
use crate::fault;
use crate::github::{ApiError, Client, Sha};

/// Most bytes of a blob: GitHub takes no more.
const LARGEST: u64 = 40 * 1024 * 1024;

/// Uploads at the same time; the client keeps GitHub's write limits.
const AT_ONCE: usize = 4;

/// A picture on its way.
pub(super) struct Upload {
    pub made: StagedPicture,
    /// The blob, or why there is none.
    pub blob: Result<Sha, String>,
}

/// The queue of pictures.
pub(super) struct Uploads {
    client: Arc<Client>,
    root: PathBuf,
    queue: mpsc::UnboundedSender<StagedPicture>,
    worker: JoinHandle<Vec<Upload>>,
}

impl Uploads {
    /// Starts the queue.
    pub(super) fn start(client: Arc<Client>, root: PathBuf) -> Self {
        let (queue, mut made) = mpsc::unbounded_channel::<StagedPicture>();
        let (to, from) = (client.clone(), root.clone());
        let worker = tokio::spawn(async move {
            let queued = futures_util::stream::poll_fn(move |context| made.poll_recv(context));
            let one = |made: StagedPicture| {
                let (client, root) = (&client, &root);
                async move { Upload { blob: upload(client, root, &made).await, made } }
            };
            // In order: a picture that was swapped comes after the one it replaces.
            queued.map(one).buffered(AT_ONCE).collect().await
        });
        Self { client: to, root: from, queue, worker }
    }

    /// Adds a picture.
    pub(super) fn add(&self, made: StagedPicture) {
        // The worker ends only after the queue is closed.
        let _ = self.queue.send(made);
    }

    /// Closes the queue and waits for what is in it: all that was staged.
    pub(super) async fn finish(self, staged: &[StagedPicture]) -> Vec<Upload> {
        drop(self.queue);
        let mut uploaded = self.worker.await.unwrap_or_else(|end| {
            let missing = |made: &StagedPicture| Upload { made: made.clone(), blob: Err(end.to_string()) };
            staged.iter().map(missing).collect()
        });
        // A picture that was refused while others went through may be taken now.
        for one in uploaded.iter_mut().filter(|one| one.blob.is_err()) {
            one.blob = upload(&self.client, &self.root, &one.made).await;
        }
        uploaded
    }
}

/// Makes a blob of a picture in the workspace, or says why there is none.
async fn upload(client: &Client, root: &Path, made: &StagedPicture) -> Result<Sha, String> {
    let uploaded = fault::caught(async {
        let bytes = bytes(root, &made.picture)
            .await
            .map_err(|error| format!("`{}` cannot be read: {error}", made.picture))?;
        client.create_blob(&bytes).await.map_err(|error: ApiError| error.to_string())
    });
    uploaded.await.unwrap_or_else(|fault| Err(fault.to_string()))
}

/// The bytes of a picture in the workspace.
pub(super) async fn bytes(root: &Path, picture: &str) -> io::Result<Vec<u8>> {
    let (root, picture) = (root.to_owned(), picture.to_owned());
    let read = move || disk::open_within(&root, picture).and_then(|file| disk::whole(file, LARGEST));
    tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
}
