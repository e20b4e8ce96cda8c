"""What a scenario changes, seen at high speed; and the planned times themselves at the speed of Atlas."""

from atlas.sandbox import clock
from atlas.sandbox.server import Sandbox
from tests.atlas.sandbox.api_client import Account, Company, Hvca, csr_of, rsa_key, until


def test_a_company_name_chooses_its_scenario_unless_one_is_given(api: Account) -> None:
    assert Company(api, "Northwind [vetting-late]").get()["scenario"] == "vetting-late"
    assert Company(api, "Northwind [vetting-late]", scenario="quote-late").get()["scenario"] == "quote-late"
    assert Company(api, "Northwind [whatever]").get()["scenario"] == "all-well"


def test_a_rejected_profile_says_why_and_a_corrected_one_passes(api: Account) -> None:
    company = Company(api, "Northwind [vetting-rejected]").ready()
    first = company.submit()
    rejected = until(lambda: company.profile(first), lambda profile: profile["status"] == "Rejected")
    assert rejected["reason"]
    (mail,) = [mail for mail in company.get("/emails") if mail["kind"] == "REJECTION"]
    assert rejected["case_reference"] in mail["text"]
    second = company.submit()
    until(lambda: company.profile(second), lambda profile: profile["status"] == "Active")


def test_vetting_passes_through_its_published_states(start) -> None:
    company = Company(Account(start(speed=86_400))).ready()
    identifier = company.submit()
    assert company.profile(identifier)["status"] == "Queued for Vetting"
    until(lambda: company.profile(identifier), lambda profile: profile["status"] == "Processed")
    active = until(lambda: company.profile(identifier), lambda profile: profile["status"] == "Active")
    assert active["status_since"] >= active["submitted_at"]


def test_atlas_is_down_for_a_while_for_this_company_only(start) -> None:
    sandbox = start(speed=10_800)
    api = Account(sandbox)
    company, other = Company(api, "Northwind [atlas-down]").ready(), Company(api)
    company.submit()
    answer = company.call("GET", "")
    assert answer.status_code == 503
    assert answer.json()["description"] == "Service busy, please retry later"
    assert int(answer.headers["Retry-After"]) >= 1
    assert other.get()["account_id"] == other.id
    until(lambda: company.call("GET", ""), lambda seen: seen.status_code == 200)


def test_during_the_outage_hvca_is_down_for_the_keys_of_the_company(start, tmp_path) -> None:
    sandbox = start(speed=10_800)
    first = Hvca(sandbox)
    assert first.login().ok
    api = Account(sandbox)
    (operator,) = api.get("/accounts", params={"email": "operator@atlas.example"})
    path = "/accounts/{account_id}"
    names = {"account_id": operator["account_id"]}
    profile = {**api.get(path + "/identity-profiles", **names)[0]}
    body = {name: profile[name] for name in profile if name not in _ANSWERED}
    assert api.call("PUT", path + "/scenario", {"scenario": "atlas-down"}, **names).status_code == 204
    assert api.call("POST", path + "/identity-profiles", body, **names).status_code == 201
    for answer in (first.call("GET", "/quotas/issuance"), first.login()):
        assert answer.status_code == 503
        assert answer.json()["description"] == "Service busy, please retry later"
        assert len(answer.json()["id"]) == 27
    assert api.call("PUT", path + "/scenario", {"scenario": "all-well"}, **names).status_code == 204
    assert first.login().ok


_ANSWERED = {"identity_profile_id", "status", "submitted_at", "status_since", "case_reference"}


def test_a_change_of_scenario_plans_what_is_still_to_come_anew(start) -> None:
    company = Company(Account(start(speed=7_200)), "Northwind [quote-late]").invited()
    company.must("POST", "/payment-method", {"kind": "INVOICE"})
    assert company.get()["quote"]["status"] == "PENDING"
    company.must("PUT", "/scenario", {"scenario": "all-well"})
    until(company.get, lambda account: account["quote"]["status"] == "READY")
    kinds = [mail["kind"] for mail in company.get("/emails")]
    assert kinds.count("QUOTATION_READY") == 1


def test_a_profile_in_vetting_takes_the_verdict_of_the_new_scenario(start) -> None:
    company = Company(Account(start(speed=86_400)), "Northwind [vetting-late]").ready()
    identifier = company.submit()
    company.must("PUT", "/scenario", {"scenario": "vetting-rejected"})
    until(lambda: company.profile(identifier), lambda profile: profile["status"] == "Rejected")
    kinds = [mail["kind"] for mail in company.get("/emails")]
    assert "REJECTION" in kinds
    assert "VERIFICATION" not in kinds


def test_what_has_been_decided_stays_decided(company: Company) -> None:
    identifier = company.verified()
    before = company.profile(identifier)
    company.must("PUT", "/scenario", {"scenario": "vetting-rejected"})
    assert company.profile(identifier) == before


def test_the_times_are_those_of_the_field() -> None:
    hour, minute = clock.HOUR, clock.MINUTE
    for account_id in ("A1", "A2", "A3", "A4"):
        assert 10 * minute <= clock.mail_delay(account_id, "invitation") <= 30 * minute
        assert 20 * minute <= clock.identity_delay(account_id) <= 30 * minute
        assert clock.mail_delay(account_id, "x") == clock.mail_delay(account_id, "x")
    assert clock.quotation_delay("all-well") == 20 * minute
    assert clock.quotation_delay("quote-late") > 24 * hour
    assert clock.vetting_plan("all-well", True) == clock.Vetting(12 * hour, 24 * hour, "Active")
    assert clock.vetting_plan("vetting-late", True).decided == 96 * hour
    assert clock.vetting_plan("vetting-rejected", True) == clock.Vetting(None, 20 * hour, "Rejected")
    assert clock.vetting_plan("vetting-rejected", False).verdict == "Active"
    assert clock.Clock(4320).after(0, 72 * hour) == minute


def test_an_order_at_the_speed_of_atlas_is_pending_but_already_listed(slow: Sandbox) -> None:
    api = Account(slow)
    (operator,) = api.get("/accounts", params={"email": "operator@atlas.example"})
    path, names = "/accounts/{account_id}", {"account_id": operator["account_id"]}
    credential = api.get(path + "/api-credentials", **names)[0]["api_credential_id"]
    body = {"csr": csr_of(rsa_key()), "api_credential_ids": [credential]}
    serial = api.call("POST", path + "/mtls-certificates", body, **names).json()["serial"]
    answer = api.call("GET", path + "/mtls-certificates/{serial}", serial=serial, **names)
    assert (answer.status_code, answer.json()) == (202, {"description": "Operation in progress"})
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    listed = api.get(path + "/mtls-certificates", **names)[-1]
    assert (listed["serial"], listed["status"], listed["issued_at"]) == (serial, "PENDING", None)
