"""ReAge's panel: Qt widgets that know no host. A host implements `reage_ui.host.Host`."""
