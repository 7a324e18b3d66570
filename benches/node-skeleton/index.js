// The same scan as a JavaScript action would do it: find the posts, read their front matter, see whether the hero is there,
// and ask the provider for the first post that lacks one. Nothing else of the program is here, so it flatters the skeleton.
const fs = require("node:fs");
const path = require("node:path");
const glob = require("fast-glob");
const matter = require("gray-matter");

function lacksHero(file) {
  const { data } = matter(fs.readFileSync(file, "utf8"));
  if (data.draft) return false;
  return !data.image || !fs.existsSync(path.join("static", data.image));
}

async function main() {
  const files = await glob(["content/**/*.{md,mdx}", "posts/**/*.{md,mdx}", "_posts/**/*.{md,mdx}", "blog/**/*.{md,mdx}"]);
  const lacking = files.filter(lacksHero);
  if (lacking.length === 0) return;
  const answer = await fetch(`${process.env.PROVIDER}/images/generations`, { method: "POST", body: "{}" });
  await answer.text();
}

main();
