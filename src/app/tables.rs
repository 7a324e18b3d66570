//! The chain as the log shows it before the first request, and as `providers` prints it.

use crate::chain::Link;
use crate::runner::Runner;
use crate::settings::Settings;
use crate::site::Site;

/// Prints who will be asked, in which order, and why the others will not (W-23).
pub(super) fn chain(settings: &Settings, runner: &Runner) {
    runner.group("Image providers, in the order they are asked", lines(settings));
}

/// The answer of mode `providers`.
pub(super) fn providers(settings: &Settings, runner: &Runner) -> u8 {
    lines(settings).iter().for_each(|line| runner.line(line));
    0
}

/// Prints what the site was taken for, since everything that is written follows from it.
pub(super) fn site(site: &Site, runner: &Runner) {
    let field = site.field().map_or_else(
        || "shown in the post's body".to_owned(),
        |field| format!("named in the field `{field}`"),
    );
    let folder = site.picture_folder().replace("{dir}", "<folder of the post>");
    runner.line(&format!("Site `{}`: pictures go to `{folder}`, {field}", site.name()));
}

/// Says who comes last, because an earlier run found it out.
pub(super) fn held_back(links: &[Link], runner: &Runner) {
    for link in links.iter().filter(|link| link.known_out() && links.len() > 1) {
        let until =
            link.report().out_until.map(|until| until.strftime(" until %Y-%m-%d %H:%M UTC").to_string());
        let until = until.unwrap_or_default();
        runner.line(&format!("{} is asked last: an earlier run found it out{until}", link.name()));
    }
}

fn lines(settings: &Settings) -> Vec<String> {
    let chain = &settings.chain;
    let ready = chain.links.iter().enumerate().map(|(place, link)| {
        let hint = if place < chain.overridden { ", first for this run" } else { "" };
        format!("{}. {:<14} configured{hint}: {}", place + 1, link.name(), link.models.join(", then "))
    });
    let card = chain.card.then(|| {
        let what = if chain.links.is_empty() {
            "draws title cards, because no provider takes part"
        } else {
            "stands in when all fail"
        };
        format!("{}. {:<14} {what}", chain.links.len() + 1, "card")
    });
    let absent = chain.absent.iter().map(|link| {
        format!("-  {:<14} not asked: {}", link.name, link.cure.as_deref().unwrap_or("not configured"))
    });
    let describer = match &settings.describer {
        Some(describer) => format!("prompt and alt text: {}", describer.models().join(", then ")),
        None => {
            "prompt and alt text: made from title and text (a text model needs `GEMINI_API_KEY` or `GEMINI`)"
                .to_owned()
        }
    };
    ready.chain(card).chain(absent).chain([describer]).collect()
}
