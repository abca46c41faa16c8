# data/profiles/connexion.profile - the profile a library begins with: what CARLI recommends for records exported from OCLC
# Connexion. `recto profile set CODE KEY=VALUE` makes one of your own from it; the password is set apart, by
# `recto profile passwd CODE`, and until then the gateway takes no record.

name = OCLC Connexion
type = OCLC Connexion
use-network-zone = no
default = no
active = yes

target-format = MARC 21 Bibliographic
normalization = Marc21 Bib Copy 019a to 035z
validation = MarcXML Bib Import

serial-match = Unique OCLC Identifier
non-serial-match = Unique OCLC Identifier
merge-method = Overlay all fields but local
refuse-briefer = yes
older-version = Consider Originating System

synchronize = Publish bibliographic records
originating-system = OCLC

permanent-connections = no
rate-limit = 0
