"""One actor, learned from the photographs of a career.

photographs ▶ book (`ingest`) ▶ album in face UV, by age (`album`) ▶ double ▶ model (`fit`)
            ▶ the page that shows how good it is (`evaluate`)
"""
