"""Packages that unit tests import and that are never the candidate, though nobody has installed them here.

Names that a task's function or a made-up module could have as well (parse, schedule, retry, tabulate) are not among them.
"""

PACKAGES = frozenset(
    # Tests.
    """pytest _pytest pytest_asyncio pytest_mock nose nose2 parameterized ddt hypothesis testtools testfixtures mock
    freezegun time_machine requests_mock httpretty doublex hamcrest assertpy
    dirty_equals sure expects pytest_check softest mockito flexmock expecttest approvaltests assertionlib
    nose_parameterized uncertainties pint z3 jsondiff Levenshtein chex deepdiff
    mypy pylint flake8 unittest2 aiounittest asynctest twisted pyfakefs snapshottest syrupy
    """
    # Numbers and data.
    """numpy scipy pandas sympy mpmath gmpy2 numba networkx statsmodels sklearn skimage xgboost lightgbm catboost
    matplotlib mpl_toolkits seaborn plotly bokeh altair polars pyarrow dask xarray numexpr cupy shapely geopandas
    nltk spacy gensim textblob torch torchvision torchaudio tensorflow keras jax flax transformers
    sentencepiece onnx onnxruntime cv2 PIL imageio imageio_ffmpeg librosa soundfile pydub moviepy h5py netCDF4 openpyxl
    xlrd xlwt xlsxwriter pyodbc sortedcontainers pyrsistent toolz cytoolz more_itertools
    ortools pulp cvxpy deap igraph fuzzywuzzy rapidfuzz einops joblib cloudpickle dill
    """
    # The web and services.
    """requests httpx aiohttp urllib3 httplib2 certifi chardet charset_normalizer idna bs4 lxml html5lib cssselect
    pyquery scrapy selenium playwright mechanize flask werkzeug jinja2 markupsafe itsdangerous django rest_framework
    fastapi starlette uvicorn gunicorn tornado sanic cherrypy grpc websockets socketio
    boto3 botocore moto openai anthropic langchain google azure stripe twilio telegram discord tweepy paramiko
    """
    # Databases.
    """sqlalchemy alembic psycopg2 psycopg pymysql MySQLdb mysql pymongo mongomock mongoengine redis fakeredis
    elasticsearch peewee cassandra kafka pika celery kombu sqlmodel
    """
    # Others.
    """pydantic marshmallow attr attrs cattrs typing_extensions six dateutil pytz tzlocal pendulum
    babel yaml ruamel toml tomli tomlkit simplejson ujson orjson msgpack jsonschema jsonpickle
    Crypto Cryptodome cryptography nacl jwt bcrypt passlib pyotp ecdsa psutil setuptools pkg_resources
    click colorama termcolor tqdm loguru structlog faker docopt pyparsing antlr4 zmq trio anyio gevent greenlet
    eventlet uvloop cython pywin32 win32api pexpect pygame pyglet kivy PyQt5 PyQt6 PySide2 PySide6 wx docx PyPDF2 pypdf
    reportlab fitz pytesseract easyocr ftfy defusedxml phonenumbers pycountry
    IPython jupyter ipywidgets nbformat absl zope gi deepdiff dotenv multipledispatch
    """.split()
)
