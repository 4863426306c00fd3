"""A member survey of 1M rows and 57 columns as w8.csv, and its first 20,000 as w20k.csv (numpy, pandas)."""
import numpy as np, pandas as pd
rng=np.random.default_rng(1)
n=1_000_000
d={'id':np.arange(1,n+1),'weight':np.round(rng.gamma(4,.25,n)+.05,4),'region':rng.integers(1,6,n),'sector':rng.integers(1,5,n),'workplace':rng.integers(1,60001,n),'municipality':rng.integers(101,199,n)}
for i in range(40):
    a=rng.integers(1,6,n); a[rng.random(n)<.05]=8
    d[f'q{i+1}']=a
for i,k in enumerate([2,3,4,5,6,7,8,2,3]):
    d[f'b{i+1}']=rng.integers(1,k+1,n)
d['age']=rng.integers(18,70,n); d['hours']=np.round(rng.normal(37,5,n),1)
df=pd.DataFrame(d); print(df.shape)
df.to_csv('w8.csv',index=False)
df.head(20000).to_csv('w20k.csv',index=False)
