"""What every host of ReAge needs, once: between the engine's worker and Nuke, the panel's window,
or a host of your own.

A host writes one `reage_host.graph.GraphAdapter` and bakes through it:

    engine = Engine(command)
    report = Bake(adapter, engine.worker).run()

Which frames are stale is `states(adapter)`; bakes in the background are `Bakes`. Standard library
and what the engine has of that kind, so it may be imported inside any host.
"""
