"""Looking through a site that the person named, as politely as a search engine would."""
