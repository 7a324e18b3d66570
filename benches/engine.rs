//! What the engine itself costs per attempt, with a provider in the process that answers at once.
//! Target: under 50 microseconds (`docs/performance.md`).

#![allow(
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a bench panics where it cannot measure, and prints what it measured"
)]

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use image_fallback::chain::{Chain, Link, Options, PictureRequest};
use image_fallback::post::front_matter::{Change, FieldValue, Reader, edit};
use image_fallback::provider::{BoxFuture, Catalogue, Failure, Models, Prompt, Provider, Ready, Request};
use image_fallback::secret::Scrubber;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

struct AtOnce;

impl Provider for AtOnce {
    fn generate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async move { Ok(Bytes::from(request.prompt.subject.clone())) })
    }
}

fn engine(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let catalogue = Catalogue::built_in();
    let service = catalogue.iter().next().expect("a service");
    let link = Link::new(service, Ready::new(AtOnce, []), Models::new("m", []), Duration::from_secs(60));
    let options = Options {
        links: vec![link],
        overridden: 0,
        patience: Duration::ZERO,
        budget: None,
        begun: Instant::now(),
        deadline: Instant::now() + Duration::from_secs(3600),
        scrubber: Scrubber::default(),
        stop: CancellationToken::new(),
    };
    let chain: Chain<Bytes> = Chain::new(options, Ok);
    let softened = Prompt { subject: "softened".to_owned(), style: String::new() };
    let mut post = 0;
    criterion.bench_function("one attempt through the chain", |bencher| {
        bencher.iter(|| {
            post += 1;
            let prompt = Prompt { subject: format!("post {post}"), style: String::new() };
            let order = PictureRequest {
                post,
                label: "post.md",
                prompt: &prompt,
                softened: &softened,
                width: 1200,
                height: 630,
                seed: 1,
                avoid: None,
            };
            black_box(runtime.block_on(chain.generate(&order)).map(|delivered| delivered.model))
        });
    });
}

/// Front matter edits per second: one field and its alt text in an ordinary post of each format.
fn edits(criterion: &mut Criterion) {
    let body = "A paragraph of an ordinary post, repeated.\n".repeat(100);
    let posts = [
        ("yaml", format!("---\ntitle: A\ndate: 2026-11-20\ntags: [a, b]\ndraft: false\n---\n{body}")),
        ("toml", format!("+++\ntitle = \"A\"\ndate = 2026-11-20\ntags = [\"a\"]\n+++\n{body}")),
        ("json", format!("{{\n  \"title\": \"A\",\n  \"tags\": []\n}}\n{body}")),
    ];
    let change = |field: &str, value| Change { field: field.to_owned(), value };
    let changes = [
        change("image", FieldValue::Path("/i/a.png".to_owned())),
        change("image_alt", FieldValue::Text("A boat".to_owned())),
    ];
    let mut group = criterion.benchmark_group("front matter edits");
    group.throughput(Throughput::Elements(1));
    for (format, post) in posts {
        group.bench_function(format, |bencher| {
            bencher.iter(|| {
                black_box(edit(black_box(&post), Reader::Hugo, &changes).expect("an ordinary post"))
            });
        });
    }
}

criterion_group!(benches, engine, edits);
criterion_main!(benches);
