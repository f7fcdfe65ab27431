"""Footage: uploads, ingest, assets, shots, clips, the rights they are held under, and who looked at them.

asset_id = uploads.ingest_file(database, store, actor, path, declaration=rights.Declaration(...))
rights.require_use(session, actor, [asset_id], "train")      # AssetForbidden names what may not be used, and why
rights.require_past(session, actor, checkpoint_id)           # nothing it came from was revoked
index = clips.load_index(session, actor, store, asset_id)    # the true time of each frame
"""
