def test_reads(client, small):
    for path in (
        "",
        "/ontology",
        "/layers",
        "/samples",
        "/samples/one",
        "/commits",
        "/commits/1",
        "/diff?from=0&to=1",
        "/suspects",
        "/findings",
        f"/records/{small.box.id}/revisions",
        f"/streams/{small.image.id}/media",
        f"/streams/{small.text.id}/text",
        f"/streams/{small.image.id}/thumbnail",
    ):
        answer = client.get("/api/projects/small" + path)
        assert answer.status_code == 200, (path, answer.text)
    doc = client.get("/api/openapi.json")
    assert doc.status_code == 200
    a = client.post("/api/projects/small/check", json={})
    assert a.status_code == 200, a.text
