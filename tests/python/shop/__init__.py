"""A client of the shop that shares no code with it: botocore signs, boto3 speaks to STS, PyJWT makes tokens.

It knows the contract only: the addresses, the people of the sample tenant and what an answer looks like. The tests
beside it say what each answer must be.
"""
