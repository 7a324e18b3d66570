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
use crate::site::Site;

/// Checks every post.
pub(super) fn run(ctx: &mut Context<'_>) -> Result<(), Abort> {
    ctx.report.use_settings(&ctx.settings);
    let (blog, built) = (Blog::read(ctx)?, built(ctx)?);
    ctx.report.blog(&blog.sites, &blog.discovery);
    print::sites(&blog.sites, &blog.discovery, ctx.runner);
    let folders: Vec<&str> = blog.sites.all().map(Site::folder).collect();
    if let (Some(_), [_, _, ..]) = (&built, folders.as_slice()) {
        let source = ctx.settings.source(&inputs::BUILT);
        let folders = folders.join("`, `");
        return Err(Abort::invalid(format!(
            "{source}: it holds the pages of one site, and there are several, in `{folders}`; check each in a step of its own, with `root`"
        )));
    }
    ctx.progress.phase("checking the posts");
    ctx.report.checked(Checked::new(&blog.sites, &blog.discovery, built.as_ref(), clock::now()));
    Ok(())
}

/// The built site, where one was named.
fn built(ctx: &Context<'_>) -> Result<Option<BuiltSite>, Abort> {
    let open = |folder| BuiltSite::open(folder);
    let opened = ctx.settings.built.as_deref().map(open).transpose();
    opened.map_err(|unusable| Abort::invalid(format!("{}: {unusable}", ctx.settings.source(&inputs::BUILT))))
}
