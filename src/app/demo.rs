//! Mode `demo`: the sample blog in a new temporary folder, and its pictures.

use anyhow::Context as _;

use super::abort::Abort;
use super::context::Context;
use super::generate;
use crate::demo;

/// Unpacks the sample blog and gives its posts title cards.
pub(super) async fn run(ctx: &mut Context<'_>) -> Result<(), Abort> {
    ctx.move_to(demo::unpack_new().context("the sample blog cannot be unpacked")?);
    ctx.runner.line(&format!("The sample blog is in {}", ctx.settings.root.display()));
    generate::run(ctx).await
}
