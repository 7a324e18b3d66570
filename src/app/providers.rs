//! Mode `providers`: the chain as it is configured, with prices, where keys are made, and what earlier runs found out.
//! Other modes show it without that before the first request.

use futures_util::future::join_all;
use tracing::debug;

use super::abort::Abort;
use super::context::Context;
use super::github::client;
use super::health;
use crate::chain::{self, Link, LinkReport};
use crate::clock;
use crate::health::HealthStore;
use crate::provider::Catalogue;
use crate::report;
use crate::runner::{LogRow, Runner, Tone};
use crate::settings::Settings;

/// Prints the chain; there is no run to report.
pub(super) async fn run(ctx: &mut Context<'_>) -> Result<(), Abort> {
    recall(&mut ctx.settings).await?;
    if ctx.settings.probe {
        probe(ctx).await?;
    }
    let (settings, runner) = (&ctx.settings, ctx.runner);
    if runner.speaks_json() {
        runner.json(&report::chain_json(reports(settings)));
    } else {
        let image = settings.image;
        let priced = |link: &Link, model: usize| {
            let price = report::price(link.price(model, image.width, image.height));
            format!("{} ({price})", link.models[model])
        };
        let with_history = |(mut row, link): (LogRow, &Link)| {
            let link = link.report();
            let cure = link.probe.as_ref().and_then(|probe| probe.cure.clone());
            let told = [report::probed(&link), cure, report::history(&link, clock::now())];
            row.text.extend(told.into_iter().flatten().map(|told| format!("; {told}")));
            row
        };
        // A title card, which has no past, comes behind the services.
        let rows = lines(settings, priced);
        let (asked, card) = rows.split_at(settings.chain.links.len());
        let asked = asked.iter().cloned().zip(&settings.chain.links).map(with_history);
        let all = asked.chain(card.iter().cloned()).chain(absent_with_pages(settings));
        runner.table(None, &all.chain(shallow(settings)).chain([describer(settings)]).collect::<Vec<_>>());
    }
    let chain: Vec<LinkReport> = reports(&ctx.settings).collect();
    ctx.report.looked_at(chain.into_iter());
    Ok(())
}

/// Asks each service that takes part what it tells for nothing.
pub(super) async fn probe(ctx: &Context<'_>) -> Result<(), Abort> {
    let links = &ctx.settings.chain.links;
    let asked = async {
        join_all(links.iter().map(Link::probe)).await;
        Ok(())
    };
    ctx.unless_cancelled(asked).await
}

/// Tells the links what earlier runs found out, as a run would do.
pub(super) async fn recall(settings: &mut Settings) -> Result<(), Abort> {
    let access = settings.github.publishing().and(settings.github.access());
    let client = access.map(client).transpose()?;
    let store = HealthStore::open(health::place(settings, client)).await;
    let record = store.record();
    let fingerprints = settings.chain.fingerprints(record.salt());
    let chain = &mut settings.chain;
    chain::recall(&mut chain.links, chain.overridden, record.recall(&fingerprints, clock::now()));
    Ok(())
}

/// Prints who will be asked, in which order, and why the others will not.
pub(super) fn announce(settings: &Settings, runner: &Runner) {
    let mut lines = lines(settings, |link, model| link.models[model].clone());
    if !settings.chain.only_card {
        lines.extend(absent_in_short(settings).into_iter().chain(shallow(settings)));
        absent(settings).for_each(|row| debug!("{row}"));
    }
    lines.push(describer(settings));
    runner.table(Some("Image providers, in the order they are asked"), &lines);
}

/// Says who comes last, because an earlier run found that it is out.
pub(super) fn held_back(links: &[Link], runner: &Runner) {
    for link in links.iter().filter(|link| link.known_out() && links.len() > 1) {
        let until =
            link.report().out_until.map(|until| until.strftime(" until %Y-%m-%d %H:%M UTC").to_string());
        let until = until.unwrap_or_default();
        runner.line(&format!(
            "{} is asked last: an earlier run found it unavailable{until}",
            link.service.title
        ));
    }
}

/// Those that take part, with their models as `words` tells each.
fn lines(settings: &Settings, words: impl Fn(&Link, usize) -> String) -> Vec<LogRow> {
    let chain = &settings.chain;
    let ready = chain.links.iter().enumerate().map(|(place, link)| {
        let hint = if place < chain.overridden { ", first for this run" } else { "" };
        let models: Vec<_> = (0..link.models.len()).map(|model| words(link, model)).collect();
        LogRow {
            label: format!("{}. {}", place + 1, link.name()),
            tone: Tone::Good,
            text: format!("configured{hint}: {}", models.join(", then ")),
        }
    });
    let nobody = chain.links.is_empty();
    let card = (chain.card || nobody).then(|| {
        let what = match (nobody, chain.only_card) {
            (true, true) => "draws title cards, because input `providers` says so",
            (true, false) => "draws title cards, because no provider takes part",
            (false, _) => "drawn as a stand-in when all others fail",
        };
        LogRow { label: format!("{}. card", chain.links.len() + 1), tone: Tone::Good, text: what.to_owned() }
    });
    ready.chain(card).collect()
}

/// The known providers that take no part, and why.
fn absent(settings: &Settings) -> impl Iterator<Item = LogRow> {
    settings.chain.absent.iter().map(|link| LogRow {
        label: format!("-  {}", link.name),
        tone: Tone::Mixed,
        text: format!("not asked: {}", link.cure.as_deref().unwrap_or("not configured")),
    })
}

/// The same with the page where each key is made.
fn absent_with_pages(settings: &Settings) -> impl Iterator<Item = LogRow> {
    let catalogue = Catalogue::built_in();
    let page = move |name: &str| {
        let service = catalogue.get(name).filter(|service| !service.key_page.is_empty())?;
        Some(format!("; key: {}", service.key_page))
    };
    absent(settings).zip(&settings.chain.absent).map(move |(mut row, link)| {
        row.text.extend(page(&link.name));
        row
    })
}

/// The same in one line.
fn absent_in_short(settings: &Settings) -> Option<LogRow> {
    let names: Vec<&str> = settings.chain.absent.iter().map(|link| link.title.as_str()).collect();
    (!names.is_empty())
        .then(|| format!("-  not asked: {}; mode `providers` says what each needs", names.join(", ")))
        .map(LogRow::of_text)
}

/// That there is no second service to fall back to, unless none is asked.
fn shallow(settings: &Settings) -> Option<LogRow> {
    let chain: Vec<LinkReport> = reports(settings).collect();
    report::shallow_chain(&chain).filter(|_| !settings.chain.links.is_empty()).map(LogRow::of_text)
}

/// The known providers, those that take part first.
fn reports(settings: &Settings) -> impl Iterator<Item = LinkReport> {
    settings.chain.links.iter().map(Link::report).chain(settings.chain.absent.iter().cloned())
}

fn describer(settings: &Settings) -> LogRow {
    LogRow::of_text(match &settings.describer {
        Some(describer) => format!("prompt and alt text: {}", describer.models().join(", then ")),
        None => {
            "prompt and alt text: made from title and text (a text model needs `GEMINI_API_KEY` or `GEMINI`)"
                .to_owned()
        }
    })
}
