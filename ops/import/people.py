"""Writes so many lines for `portaria import`: riders with every value, whose hash is one of bcrypt."""

import json
import sys

HASH = "$2b$10$L6Bc/AlTQHyd9liGgGEZyOFLPHNgyxeEPfgYfBCVxJ7JIlwxyVU3u"


def cpf(number: int) -> str:
    """The CPF that begins with these nine digits."""
    digits = [int(digit) for digit in f"{number:09d}"]
    for longest in (10, 11):
        total = sum(digit * weight for digit, weight in zip(digits, range(longest, 1, -1)))
        digits.append(total * 10 % 11 % 10)
    return "".join(map(str, digits))


for n in range(int(sys.argv[1])):
    line = {
        "kind": "caronista", "name": f"Pessoa {n}", "email": f"p{n}@example.com", "emailVerified": True, "username": f"p{n:07d}",
        "phone": f"119{10_000_000 + n}", "phoneVerified": True, "cpf": cpf(100_000_000 + n), "birthDate": "2000-01-15", "gender": "F",
        "state": "SP", "city": "São Paulo", "passwordHash": HASH, "createdAt": "2020-05-06T07:08:09Z", "externalId": f"x-{n}",
    }
    print(json.dumps(line, ensure_ascii=False))
