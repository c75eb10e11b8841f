/** What Node itself takes. */
process.send?.({ rssBytes: process.memoryUsage.rss() });
