# The same scan as benches/node-skeleton, in Python: find the posts, read their front matter, see whether the hero is there.
import glob
import os

import frontmatter


def lacks_hero(file):
    post = frontmatter.load(file)
    if post.get("draft"):
        return False
    image = post.get("image")
    return not image or not os.path.exists(os.path.join("static", image.lstrip("/")))


folders = ["content", "posts", "_posts", "blog"]
files = [file for folder in folders for file in glob.iglob(f"{folder}/**/*.md*", recursive=True)]
lacking = [file for file in files if lacks_hero(file)]
print(len(files), len(lacking))
