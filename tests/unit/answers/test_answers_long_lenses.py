"""Places that only the longer lenses of a set show."""

from answers_town import camera, house, reference_data, town

from lhasaplan.core.audit.assess import audit


def test_that_a_home_that_only_a_longer_lens_shows_is_told_where_the_lens_is_not_recorded():
    # 110 degrees and 1920 px have 25 px/m to 26.9 m, at the corners of the picture to 63.9 m; a lens of 12 degrees to 365 m.
    far = house(1, -10, 150, 10, 160, "house", 8.0)
    known = audit(town(far, cameras=[camera(hfov_deg=110.0, range_m=None)]), reference_data()).cameras[0]
    unknown = audit(town(far, cameras=[camera(hfov_deg=None, range_m=None)]), reference_data()).cameras[0]
    assert not known.sightings
    assert [each.cls for each in unknown.sightings] == ["home"]
