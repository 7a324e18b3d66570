//! Mode `check`: whether every published post has its hero image, and readers see it. It needs no key, asks
//! nobody, and writes nothing but the report.

use super::abort::Abort;
use super::context::Context;
use super::print;
use super::survey::Blog;
use crate::built::BuiltSite;
use crate::check::Checked;
use crate::clock;
use crate::settings::inputs;

/// Checks every post.
pub(super) fn run(ctx: &mut Context<'_>) -> Result<(), Abort> {
    ctx.report.use_settings(&ctx.settings, false);
    let blog = Blog::read(ctx)?;
    print::site(&blog.site, &blog.discovery, ctx.runner);
    let built = built(ctx)?;
    ctx.report.checked(Checked::new(&blog.site, &blog.discovery, built.as_ref(), clock::now()));
    Ok(())
}

/// The built site, where one was named.
fn built(ctx: &Context<'_>) -> Result<Option<BuiltSite>, Abort> {
    let open = |folder| BuiltSite::open(folder);
    let opened = ctx.settings.built.as_deref().map(open).transpose();
    opened.map_err(|unusable| Abort::invalid(format!("{}: {unusable}", ctx.settings.source(&inputs::BUILT))))
}
