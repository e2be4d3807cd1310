"""The local server: serves the finished site, rebuilds it when something changes, and reloads the browser.

The server knows nothing of how a site is built; it is given a function that builds it. The script that reloads a page
is added to pages as they are sent and is never written to disk. It is a file of its own, as is the stream of events it
listens to, so that pages keep the strict security policy that they are published with.
"""

from sitegen.server.app import create_app
from sitegen.server.channel import Channel, Outcome, Rebuild
from sitegen.server.running import NoPortError, address, listen, serve
from sitegen.server.watching import Watcher

__all__ = ["Channel", "NoPortError", "Outcome", "Rebuild", "Watcher", "address", "create_app", "listen", "serve"]
