-- What a name is sorted by, as people count and spell, whatever the server knows of languages. The same as
-- `natural_key` of sorting.py: a test holds the two together. Generated columns keep it beside names.
-- A number gets twenty zeros in front, of which so many go again as it has more than twenty digits then. The name
-- itself comes last, behind a character that no name has.
CREATE FUNCTION natural_key(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(
        regexp_replace(
            lower(CASE WHEN octet_length(name) = length(name) THEN name ELSE
                replace(replace(replace(replace(replace(replace(replace(replace(
                    translate(
                        regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g'),
                        'ØøŁłĐđÐðıΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣςΤΥΦΧΨΩАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄЅІЈЉЊЋЏҐ',
                        'oollddddiαβγδεζηθικλμνξοπρσστυφχψωабвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџґ'
                    ),
                    'ß', 'ss'), 'ẞ', 'ss'), 'Æ', 'ae'), 'æ', 'ae'), 'Œ', 'oe'), 'œ', 'oe'), 'Þ', 'th'), 'þ', 'th')
            END COLLATE "C"),
            '([0-9]+)', '00000000000000000000\1', 'g'
        ),
        '0*([0-9]{20,})', '\1', 'g'
    ) || E'\x01' || name
$$;
