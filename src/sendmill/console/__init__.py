"""The web console: pages in pages/, their addresses in urls/, their templates in templates/console/<page>/."""
