# SPDX-License-Identifier: MIT
"""Small JSON documents, right and wrong, as bytes."""

# Each is refused by Python's json.tool.
MALFORMED = [
    # what is missing
    b"", b" ", b"\n", b"[", b"{", b"[1", b"[1,", b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,', b"[[[1]]",
    b'{"a":[1,2}', b'"', b'"a', b'"a\\', b'"a\\u', b'"a\\u00', b'["a', b"[tru", b"[-", b"nul", b"-",
    # brackets
    b"]", b"}", b"[1}", b'{"a":1]', b"[1]]", b'{"a":1}}', b"[}", b"{]", b"([1])",
    # separators
    b"[1 2]", b"[,1]", b"[1,]", b"[1,,2]", b"[1 , , 2]", b"[1;2]", b"[1:2]", b"[,]", b"{,}", b'["a""b"]',
    b'["a" "b"]', b"[true false]", b'{"a" 1}', b'{"a"::1}', b'{"a":}', b'{"a":1 "b":2}', b'{"a":1"b":2}',
    b'{"a":1,}', b'{"a":1,,"b":2}', b'{"a",1}', b'{"a":1:2}', b"[\n1,\n2\n3]", b'{\n  "a": 1,\n  "b" 2\n}',
    b'[1"a"]', b'{"a":1;"b":2}',
    # keys
    b"{a:1}", b"{'a':1}", b"{1:2}", b"{null:1}", b'{[]:1}', b'{{}:1}', b'{"":}', b'{"a":1,b:2}',
    # more than one value
    b"1 2", b"{} {}", b"[1] 2", b'"a" 1', b"null null", b"[1] // note", b"1,", b"[],",
    # literals
    b"nulll", b"True", b"true1", b"fals", b"nan", b"inf", b"undefined", b"[nullnull]", b"NULL", b"[NaN NaN]",
    b"[Infinityy]", b"[-Infinity1]", b"-Inf", b"None", b"+Infinity", b"[-NaN]",
    # numbers
    b"+1", b"01", b"-01", b"[00]", b"1.", b".5", b"-.5", b"1e", b"1e+", b"1.e5", b"0x10", b"1_000", b"--1",
    b"- 1", b"1.2.3", b"1e5.5", b"[1.5.]", b"1a", b'1"a"', b"1e 5", b"[1.]", b"1..2",
    # strings
    b"'a'", b'"\\x41"', b'"\\u12"', b'"\\u12g4"', b'"\\uD800\\u12"', b'"\\U00000041"', b'"\\ "', b'"\\\n"',
    b'"a\tb"', b'"a\nb"', b'"a\x01b"', b'"a\x00b"', b'"a\x1fb"', b'["\\"]', b'"\\ud83d\\u"', b'"\\u 123"', b'"\\u+123"',
    # bytes that belong nowhere
    b"\x00", b"[1\x00]", b"[1,\x0c2]", b"\x0b1", b"1a\xc2\xa0", b"\xc2\xa0[1]", b"[1\x7f]", b"\xef\xbb\xbf[1]",
    "[é]".encode(), "“a”".encode(), b"// note\n1", b"/* */ 1", b"#\n1",
    # no UTF-8
    b'"\xff"', b'"\xc3"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'"\xc0\x80"', b'"\xe2\x82"', b'"\x80"',
    b'"\xf8\x88\x80\x80\x80"', b'"\xe0\x9f\xbf"', b'"\xf0\x8f\xbf\xbf"', b'{"\xff":1}',
]

# Each is read by Python, and what comes back is the same.
VALID = [
    b"1", b"-0", b"0", b"-1", b"1.0", b"1e5", b"1E+5", b"1e-7", b"-0.0", b"-0e1", b"123456789012",
    b"-9223372036854775808", b"9223372036854775807", b"1073741823", b"1073741824", b"-1073741824",
    b"-1073741825", b"0.1", b"1e400", b"-1e400", b"1e-400", b"5e-324", b"1.7976931348623157e308",
    b"0.1e1", b"1" + b"0" * 18, b"0." + b"3" * 60, b"1e16", b"123456789.125",
    b'""', b'"a"', b'"\\u0041\\n\\t\\"\\\\\\/\\b\\f\\r"', b'"\\ud83d\\ude00"', b'"\\ud83d"',
    b'"\\ude00\\ud83d"', b'"\\ud83d\\ud83d\\ude00"', b'"\\uD83D\\uDE00"', b'"\\u00e9\\u00E9"', '"é€😀"'.encode(),
    b'"\\u0000"', b'"\\u007f\\u0080\\u00ff\\u0100"', b'"\x7f"', b'"\xc2\x80\xc2\xad"', b'"\'"', b'"\\"\'"', b'"\\/"',
    '"\u2028\u200b\ufeff"'.encode(), b'"' + b"x" * 5000 + b'"', b'"' + b"\\\\" * 2000 + b'"', b'"// [ {"',
    b"null", b"true", b"false", b"NaN", b"Infinity", b"-Infinity", b"[NaN,Infinity,-Infinity]",
    b"[]", b"{}", b"[[]]", b"[{}]", b'{"a":{}}', b" [ 1 , 2 ] ", b"\t[\r\n1\n]", b"[\n\n\n1\n\n]", b"[1,\n\n2]",
    b'{"a":1,"a":2,"b":3}', b'{"a":1,"b":2,"a":3}', b'{"":""}', b"[1.5,2e3,-0.0]",
    b"[" * 300 + b"]" * 300, b'{"a":' * 100 + b"1" + b"}" * 100, b'{"a":[{"b":[{"c":[]}]}]}',
    b"[" + b",".join(b"%d" % i for i in range(2000)) + b"]",
    b"{" + b",".join(b'"k%d":%d' % (i, i) for i in range(500)) + b"}",
    b'{"a" : 1 ,\n"b"\n:\n2\n}', b"[true,false,null]", b"[1\t,2]",
]
